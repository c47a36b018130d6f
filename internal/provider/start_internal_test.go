package provider

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// TestStart_Warnings checks what is reported about a start that returned a TaskId.
func TestStart_Warnings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failure    error
		earlierRun time.Time
		want       []string
	}{
		"recorded":    {},
		"not written": {failure: errors.New("no space left on device"), want: []string{"T-1", "no space left on device", "is in state"}},
		"repeated":    {earlierRun: time.Unix(0, 0), want: []string{"T-1", "1970-01-01T00:00:00Z", "callback 701"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one := &start{received: true, failure: test.failure}
			diags := one.warnings(trtcclient.Started{TaskID: "T-1", EarlierRun: test.earlierRun})
			if diags.HasError() || len(diags) != min(1, len(test.want)) {
				t.Fatalf("diagnostics %v, want a warning: %t", diags, test.want != nil)
			}
			for _, want := range test.want {
				if !strings.Contains(diags[0].Detail(), want) {
					t.Errorf("%q does not contain %q", diags[0].Detail(), want)
				}
			}
		})
	}
}
