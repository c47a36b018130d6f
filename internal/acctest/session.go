package acctest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/tfserver"
)

// Connect serves a provider in this process. The provider is not configured.
func (w *World) Connect(t testing.TB) *tfcore.Provider {
	t.Helper()
	connected, err := tfcore.Connect(t.Context(), tfserver.New(provider.New(w.Options)()))
	if err != nil {
		t.Fatal(err)
	}
	return connected
}

// Provider serves a provider in this process, configured for the mock.
func (w *World) Provider(t testing.TB, changes tfcore.Values) *tfcore.Provider {
	t.Helper()
	connected := w.Connect(t)
	ExpectSilence(t, connected.Configure(t.Context(), w.ProviderValues(changes)))
	return connected
}

// Session returns one stream ingest without a state, with its own provider.
func (w *World) Session(t testing.TB) *tfcore.Session {
	t.Helper()
	return w.Provider(t, nil).Session(ResourceType)
}

// Created returns a session with a running stream ingest, and resets the call log.
// The session continues as another run, with a newly configured provider.
func (w *World) Created(t testing.TB, config tfcore.Values) *tfcore.Session {
	t.Helper()
	session := w.Session(t)
	ExpectApply(t, session, config, tfcore.Create)
	session.Serve(w.Provider(t, nil))
	w.Mock.ResetJournal()
	return session
}

// ExpectSuccess checks that there is no error.
func ExpectSuccess(t testing.TB, diags tfcore.Diagnostics) {
	t.Helper()
	if diags.HasErrors() {
		t.Fatal(diags)
	}
}

// ExpectSilence checks that there is neither an error nor a warning.
func ExpectSilence(t testing.TB, diags tfcore.Diagnostics) {
	t.Helper()
	if len(diags) > 0 {
		t.Fatalf("diagnostics: %s, want nothing", diags)
	}
}

// ExpectPlan checks that a plan succeeded and what it does.
func ExpectPlan(t testing.TB, plan tfcore.Plan, action tfcore.Action) {
	t.Helper()
	if plan.Diagnostics.HasErrors() || plan.Action != action {
		t.Fatalf("planned to %s, want to %s; diagnostics: %s", plan, action, plan.Diagnostics)
	}
}

// ExpectApply applies config, which must succeed with the planned action, and
// returns the warnings.
func ExpectApply(t testing.TB, session *tfcore.Session, config tfcore.Values, action tfcore.Action) tfcore.Diagnostics {
	t.Helper()
	plan, diags := session.ApplyConfig(t.Context(), config)
	ExpectSuccess(t, diags)
	ExpectPlan(t, plan, action)
	return diags
}

// ExpectSettled checks that the next plan is empty.
func ExpectSettled(t testing.TB, session *tfcore.Session, config tfcore.Values) {
	t.Helper()
	ExpectSuccess(t, session.Refresh(t.Context()))
	plan := session.Plan(t.Context(), config)
	if plan.Diagnostics.HasErrors() || plan.Action != tfcore.NoOp {
		t.Errorf("planned to %s, want an empty plan; diagnostics %s", plan, plan.Diagnostics)
	}
}

// ExpectState checks the whole state. If want is nil, the state must have no object.
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

// ExpectError checks that there is exactly one error, that the error is on attribute
// (empty: without an attribute) and that the error contains each of the texts.
func ExpectError(t testing.TB, diags tfcore.Diagnostics, attribute string, mentioning ...string) {
	t.Helper()
	failed := diags.Errors()
	if len(failed) != 1 || failed[0].Bug {
		t.Fatalf("diagnostics %q, want one error", diags)
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

// ExpectWarning checks that a warning contains text.
func ExpectWarning(t testing.TB, diags tfcore.Diagnostics, text string) {
	t.Helper()
	if len(diags.Warnings().Mentioning(text)) == 0 {
		t.Errorf("diagnostics %q, want a warning that mentions %q", diags, text)
	}
}
