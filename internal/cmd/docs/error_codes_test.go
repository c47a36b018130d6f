package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// TestGuideShowsErrorCodes: the guide has the table of the current codes.
func TestGuideShowsErrorCodes(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join("..", "..", "..", "templates", "guides", "troubleshooting.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(guide), "<!-- written by make generate -->\n")
	got, _, _ := strings.Cut(rest, "<!-- end of what make generate writes -->\n")
	var want bytes.Buffer
	if err := run(t.Context(), []string{"error-codes"}, nil, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), got); diff != "" {
		t.Errorf("the guide is out of date; run make generate (-code +guide):\n%s", diff)
	}
}

func TestErrorCodes(t *testing.T) {
	t.Parallel()
	const advice = "Use \"<region>/*\"\nor `x\\`."
	got := errorCodes([]provider.ErrorCode{
		{Code: "ServiceUnavailable", Summary: "One | two", Advice: advice},
		{Code: "InvalidParameter", Summary: "Three", Advice: advice},
	})
	want := "\n| Code | Cause | Fix | Retried |\n|---|---|---|---|\n" +
		"| `ServiceUnavailable` | One \\| two | Use \"\\<region>/\\*\" or \\`x\\\\\\`. | yes, except starts |\n" +
		"| `InvalidParameter` | Three | As for `ServiceUnavailable`. | no |\n\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

// TestErrorCodes_OnlyFinalCodesAreNotRetried: a final code, and one that says that the
// task is gone, are the only ones that are not retried.
func TestErrorCodes_OnlyFinalCodesAreNotRetried(t *testing.T) {
	t.Parallel()
	for _, entry := range provider.ErrorCodes() {
		class := trtcclient.ClassOfCode(entry.Code)
		settled := class == trtcclient.Rejected || class == trtcclient.Gone
		if got := retried(class) == "no"; got != settled {
			t.Errorf("%s: retried %q", entry.Code, retried(class))
		}
	}
}
