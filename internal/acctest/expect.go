package acctest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// ExpectApply applies config, which must succeed by doing action, and returns
// the warnings.
func ExpectApply(t testing.TB, session *tfcore.Session, config tfcore.Values, action tfcore.Action) tfcore.Diagnostics {
	t.Helper()
	plan, said := session.ApplyConfig(t.Context(), config)
	if said.HasErrors() {
		t.Fatalf("apply: %s", said)
	}
	if plan.Action != action {
		t.Fatalf("planned to %s, want %s", plan, action)
	}
	return said
}

// ExpectSettled checks that the next plan is empty.
func ExpectSettled(t testing.TB, session *tfcore.Session, config tfcore.Values) {
	t.Helper()
	if said := session.Refresh(t.Context()); said.HasErrors() {
		t.Fatalf("refresh: %s", said)
	}
	plan := session.Plan(t.Context(), config)
	if plan.Diagnostics.HasErrors() || plan.Action != tfcore.NoOp {
		t.Errorf("planned to %s, want an empty plan; said %s", plan, plan.Diagnostics)
	}
}

// ExpectState checks what the state has, nil for nothing.
func ExpectState(t testing.TB, session *tfcore.Session, want tfcore.Values) {
	t.Helper()
	if diff := cmp.Diff(want, session.State()); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
}

// ExpectAttributes checks some attributes of the state.
func ExpectAttributes(t testing.TB, session *tfcore.Session, want tfcore.Values) {
	t.Helper()
	got := tfcore.Values{}
	for name := range want {
		got[name] = session.State()[name]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
}

// ExpectError checks that there is one error, on attribute (empty: on none),
// that mentions each of the texts.
func ExpectError(t testing.TB, said tfcore.Diagnostics, attribute string, mentioning ...string) {
	t.Helper()
	failed := said.Errors()
	if len(failed) != 1 || failed[0].Bug {
		t.Fatalf("said %q, want one error", said)
	}
	if failed[0].Attribute != attribute {
		t.Errorf("error on %q, want on %q: %s", failed[0].Attribute, attribute, failed)
	}
	for _, text := range mentioning {
		if len(failed.Mentioning(text)) == 0 {
			t.Errorf("%s does not mention %q", failed, text)
		}
	}
}

// ExpectWarning checks that a warning mentions text.
func ExpectWarning(t testing.TB, said tfcore.Diagnostics, text string) {
	t.Helper()
	if len(said.Warnings().Mentioning(text)) == 0 {
		t.Errorf("said %q, want a warning that mentions %q", said, text)
	}
}

// Text and Whole are the checks of a known string and of a known number.
func Text(value string) knownvalue.Check { return knownvalue.StringExact(value) }

// Whole is Text for whole numbers.
func Whole(value int64) knownvalue.Check { return knownvalue.Int64Exact(value) }
