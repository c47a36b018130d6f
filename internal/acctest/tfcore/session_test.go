package tfcore_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

func TestSession_State(t *testing.T) {
	t.Parallel()
	server := &fake{}
	session := created(t, server)
	want := tfcore.Values{"name": "old", "id": "made", "secret": nil}
	if diff := cmp.Diff(want, session.State()); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	if got := session.Plan(t.Context(), tfcore.Values{"name": "old", "secret": "x"}).Action; got != tfcore.NoOp {
		t.Errorf("a plan without a change = %s", got)
	}
	if diags := session.Destroy(t.Context()); diags.HasErrors() || session.State() != nil {
		t.Errorf("destroy: %s, state %v", diags, session.State())
	}
}

func TestApplyConfig_FailedCreation(t *testing.T) {
	t.Parallel()
	server := &fake{apply: func(planned map[string]tftypes.Value) (map[string]tftypes.Value, []*tfprotov6.Diagnostic) {
		return planned, []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "failed"}}
	}}
	session := start(t, server)
	_, diags := session.ApplyConfig(t.Context(), tfcore.Values{"name": "old"})
	if len(diags.Errors()) != 1 || session.State() == nil || !session.Tainted() {
		t.Fatalf("diagnostics %s, state %v, tainted %t", diags, session.State(), session.Tainted())
	}
	server.apply = nil
	plan, diags := session.ApplyConfig(t.Context(), tfcore.Values{"name": "old"})
	if plan.Action != tfcore.Replace || diags.HasErrors() || session.Tainted() {
		t.Errorf("the next apply: %s, diagnostics %s, tainted %t", plan, diags, session.Tainted())
	}
}

func TestImport(t *testing.T) {
	t.Parallel()
	session := start(t, &fake{})
	if diags := session.Import(t.Context(), "a"); diags.HasErrors() {
		t.Fatal(diags)
	}
	if want := (tfcore.Values{"name": "a", "id": nil, "secret": nil}); !cmp.Equal(want, session.State()) {
		t.Errorf("state %v, want %v", session.State(), want)
	}
	if diags := session.Import(t.Context(), "b"); len(diags.Mentioning("already managed")) != 1 || session.State()["name"] != "a" {
		t.Errorf("second import: %s, state %v", diags, session.State())
	}
	if sibling := session.Sibling(); sibling.State() != nil || session.State() == nil {
		t.Error("a sibling shares the state")
	}
	gone := start(t, &fake{gone: true})
	if diags := gone.Import(t.Context(), "a"); len(diags.Mentioning("non-existent")) != 1 || gone.State() != nil {
		t.Errorf("import of nothing: %s, state %v", diags, gone.State())
	}
}

func TestRefresh_ObjectGone(t *testing.T) {
	t.Parallel()
	server := &fake{}
	session := created(t, server)
	session.Taint()
	if diags := session.Refresh(t.Context()); diags.HasErrors() || !session.Tainted() {
		t.Errorf("refresh: %s, tainted %t", diags, session.Tainted())
	}
	server.unreadable = true
	if diags := session.Refresh(t.Context()); len(diags.Mentioning("unreadable")) != 1 || session.State() == nil {
		t.Errorf("failed refresh: %s, state %v", diags, session.State())
	}
	server.unreadable, server.gone = false, true
	if diags := session.Refresh(t.Context()); diags.HasErrors() || session.State() != nil {
		t.Errorf("refresh: %s, state %v", diags, session.State())
	}
}
