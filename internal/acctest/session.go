package acctest

import (
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/tfserver"
)

// ResourceType and DataSourceType name the type under test.
const (
	ResourceType   = "trtc_stream_ingest"
	DataSourceType = "trtc_stream_ingest"
)

// Connect serves a provider in this process, not configured yet.
func (w *World) Connect(t testing.TB) *tfcore.Provider {
	t.Helper()
	connected, err := tfcore.Connect(t.Context(), tfserver.New(provider.New(w.Options)()))
	if err != nil {
		t.Fatal(err)
	}
	return connected
}

// ProviderValues are the arguments of ProviderBlock, with the changes made.
func (w *World) ProviderValues(changes tfcore.Values) tfcore.Values {
	return tfcore.Values{
		"endpoint": w.URL, "secret_id": SecretID, "secret_key": SecretKey, "region": Region,
	}.With(changes)
}

// Provider serves a provider in this process, configured for the mock.
func (w *World) Provider(t testing.TB, changes tfcore.Values) *tfcore.Provider {
	t.Helper()
	connected := w.Connect(t)
	if said := connected.Configure(t.Context(), w.ProviderValues(changes)); len(said) > 0 {
		t.Fatalf("the provider says: %s", said)
	}
	return connected
}

// Session is one stream ingest without a state yet, below a provider of its
// own.
func (w *World) Session(t testing.TB) *tfcore.Session {
	t.Helper()
	return SessionOf(t, w.Provider(t, nil))
}

// SessionOf is one more stream ingest below a provider.
func SessionOf(t testing.TB, below *tfcore.Provider) *tfcore.Session {
	t.Helper()
	session, err := below.Session(ResourceType)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

// Created is a session whose stream ingest runs, with the journal reset.
func (w *World) Created(t testing.TB, config tfcore.Values) *tfcore.Session {
	t.Helper()
	session := w.Session(t)
	if _, said := session.ApplyConfig(t.Context(), config); said.HasErrors() {
		t.Fatalf("create: %s", said)
	}
	w.Mock.ResetJournal()
	return session
}
