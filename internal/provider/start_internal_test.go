package provider

import (
	"errors"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// TestStart_Warnings checks the warning about a TaskId that could not be recorded.
func TestStart_Warnings(t *testing.T) {
	t.Parallel()
	one := &start{received: true, failure: errors.New("no space left on device")}
	diags := one.warnings(trtcclient.Started{TaskID: "T-1"})
	if len(diags) != 1 || diags.HasError() {
		t.Fatalf("diagnostics %v, want a warning", diags)
	}
	for _, want := range []string{"T-1", "no space left on device", "is in state"} {
		if !strings.Contains(diags[0].Detail(), want) {
			t.Errorf("%q does not contain %q", diags[0].Detail(), want)
		}
	}
}
