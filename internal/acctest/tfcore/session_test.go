package tfcore_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

func TestSessionKeepsWhatCoreKeeps(t *testing.T) {
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
	if said := session.Destroy(t.Context()); said.HasErrors() || session.State() != nil {
		t.Errorf("destroy: %s, state %v", said, session.State())
	}
}

func TestReplacementIsPlannedTwice(t *testing.T) {
	t.Parallel()
	server := &fake{}
	session := created(t, server)
	server.planned = nil
	plan := session.Plan(t.Context(), tfcore.Values{"name": "new"})
	if plan.Action != tfcore.Replace || !slices.Equal(plan.RequiresReplace, []string{"name"}) {
		t.Fatalf("plan = %s", plan)
	}
	if plan.Planned()["id"] != tfcore.Unknown {
		t.Errorf("planned id = %v, want an unknown one", plan.Planned()["id"])
	}
	if len(server.planned) != 2 || open(server.planned[1].PriorState) != nil {
		t.Fatalf("%d rounds of planning; the second must have a null prior state", len(server.planned))
	}
	if got := string(server.planned[1].PriorPrivate); got != "planned:applied" {
		t.Errorf("private data of the second round = %q, want that of the first", got)
	}
	server.applied = nil
	if said := session.Apply(t.Context(), plan); said.HasErrors() {
		t.Fatal(said)
	}
	if len(server.applied) != 2 || open(server.applied[0].PlannedState) != nil || open(server.applied[1].PriorState) != nil {
		t.Error("a replacement must delete, then create")
	}
	if got := session.State()["name"]; got != "new" {
		t.Errorf("name = %v", got)
	}
}

func TestApplyUsesValuesThatBecameKnown(t *testing.T) {
	t.Parallel()
	session := start(t, &fake{})
	plan := session.Plan(t.Context(), tfcore.Values{"name": tfcore.Unknown})
	plan.Config = tfcore.Values{"name": "known"}
	if said := session.Apply(t.Context(), plan); said.HasErrors() {
		t.Fatal(said)
	}
	if got := session.State()["name"]; got != "known" {
		t.Errorf("name = %v", got)
	}
}

func TestFailedCreationTaints(t *testing.T) {
	t.Parallel()
	server := &fake{apply: func(planned map[string]tftypes.Value) (map[string]tftypes.Value, []*tfprotov6.Diagnostic) {
		return planned, []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "half way"}}
	}}
	session := start(t, server)
	_, said := session.ApplyConfig(t.Context(), tfcore.Values{"name": "old"})
	if len(said.Errors()) != 1 || session.State() == nil || !session.Tainted() {
		t.Fatalf("said %s, state %v, tainted %t", said, session.State(), session.Tainted())
	}
	server.apply = nil
	plan, said := session.ApplyConfig(t.Context(), tfcore.Values{"name": "old"})
	if plan.Action != tfcore.Replace || said.HasErrors() || session.Tainted() {
		t.Errorf("the next apply: %s, said %s, tainted %t", plan, said, session.Tainted())
	}
}
