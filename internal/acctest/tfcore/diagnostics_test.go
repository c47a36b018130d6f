package tfcore_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

func TestDiagnostics_Filters(t *testing.T) {
	t.Parallel()
	failed := tfcore.Diagnostic{Error: true, Attribute: "room_id", Summary: "wrong room", Detail: "use a number"}
	bug := tfcore.Diagnostic{Error: true, Bug: true, Summary: "bug"}
	warning := tfcore.Diagnostic{Attribute: "paused", Summary: "paused tasks are billed"}
	all := tfcore.Diagnostics{failed, bug, warning}
	for name, test := range map[string]struct{ got, want tfcore.Diagnostics }{
		"errors":                {all.Errors(), tfcore.Diagnostics{failed, bug}},
		"warnings":              {all.Warnings(), tfcore.Diagnostics{warning}},
		"bugs":                  {all.Bugs(), tfcore.Diagnostics{bug}},
		"on an attribute":       {all.On("paused"), tfcore.Diagnostics{warning}},
		"on no attribute":       {all.On(""), tfcore.Diagnostics{bug}},
		"mentioned in detail":   {all.Mentioning("a number"), tfcore.Diagnostics{failed}},
		"mentioned in summary":  {all.Mentioning("billed"), tfcore.Diagnostics{warning}},
		"mentioned in none":     {all.Mentioning("expired"), nil},
		"errors among warnings": {tfcore.Diagnostics{warning}.Errors(), nil},
	} {
		if diff := cmp.Diff(test.want, test.got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if !all.HasErrors() || (tfcore.Diagnostics{warning}).HasErrors() || tfcore.Diagnostics(nil).HasErrors() {
		t.Error("HasErrors is wrong")
	}
	want := "error on room_id: wrong room: use a number\nerror: bug: \nwarning on paused: paused tasks are billed: "
	if got := all.String(); got != want {
		t.Errorf("text %q, want %q", got, want)
	}
}
