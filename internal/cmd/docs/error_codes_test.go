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

// TestErrorCodes_Guide checks that the guide has the list of the current codes.
func TestErrorCodes_Guide(t *testing.T) {
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
	const advice = "Use <region>/*, `a` or \\."
	got := errorCodes([]provider.ErrorCode{
		{Code: "ServiceUnavailable", Summary: "One*", Advice: advice},
		{Code: "InvalidParameter", Summary: "Two", Advice: advice},
		{Code: "ResourceUnavailable", Summary: "One*", Advice: advice},
		{Code: "MissingParameter", Summary: "Three", Advice: "Check:\n1. This."},
	})
	want := "\n- `ServiceUnavailable`, `ResourceUnavailable` (retried, except starts): **One\\***. Use \\<region>/\\*, \\`a\\` or \\\\.\n" +
		"- `InvalidParameter`: **Two**. Use \\<region>/\\*, \\`a\\` or \\\\.\n" +
		"- `MissingParameter`: **Three**. The error lists what to check.\n\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
}

// TestRetried_EveryCode checks that all codes are marked as retried, except final codes and
// codes that mean that the task has ended.
func TestRetried_EveryCode(t *testing.T) {
	t.Parallel()
	for _, entry := range provider.ErrorCodes() {
		class := trtcclient.ClassOfCode(entry.Code)
		isFinal := class == trtcclient.Rejected || class == trtcclient.Gone
		if got := retried(class) == ""; got != isFinal {
			t.Errorf("%s: retried %q", entry.Code, retried(class))
		}
	}
}
