package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// TestGuide: the guide tells of every code what the provider says.
func TestGuide(t *testing.T) {
	t.Parallel()
	guide := filepath.Join("..", "..", "..", "templates", "guides", "when-something-fails.md.tmpl")
	document, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	got, err := inGuide().In(document)
	if err != nil {
		t.Fatal(err)
	}
	want := table(trtcclient.Explanations())
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("the guide is out of date; run make generate (-code +guide):\n%s", diff)
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	got := table([]trtcclient.Explanation{{
		Code: "A.B", Class: trtcclient.NoAnswer, Summary: "One | two", Advice: "Use \"<region>/*\"\nor `x\\`.",
	}})
	want := "| Code | Cause | Fix | Sent again |\n|---|---|---|---|\n" +
		"| `A.B` | One \\| two | Use \"\\<region>/\\*\" or \\`x\\\\\\`. | yes, but never a start |\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

// TestTableTellsTruthOfClasses: what is final is not sent again, and nothing
// else says "no" but what has ended.
func TestTableTellsTruthOfClasses(t *testing.T) {
	t.Parallel()
	for _, entry := range trtcclient.Explanations() {
		settled := entry.Class == trtcclient.Rejected || entry.Class == trtcclient.Gone
		if got := sentAgain(entry.Class) == "no"; got != settled {
			t.Errorf("%s: sent again %q", entry.Code, sentAgain(entry.Class))
		}
	}
}
