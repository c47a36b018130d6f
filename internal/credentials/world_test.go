package credentials_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
)

// world is a machine on which credentials are looked for.
type world struct {
	*service

	home      string
	variables map[string]string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{service: newService(t), home: t.TempDir(), variables: map[string]string{}}
}

func (w *world) environment() credentials.Environment {
	return credentials.Environment{
		LookupEnv:   func(name string) (string, bool) { value, exists := w.variables[name]; return value, exists },
		HomeDir:     func() (string, error) { return w.home, nil },
		Clock:       w.clock,
		Transport:   w.transport,
		STSEndpoint: w.endpoint(),
		MetadataURL: w.server.URL,
		UserAgent:   "test",
	}
}

func (w *world) resolve(t *testing.T, arguments credentials.Arguments) credentials.Resolved {
	t.Helper()
	resolved, err := credentials.Resolve(arguments, w.environment())
	if err != nil {
		t.Fatalf("Resolve: %v", err)
	}
	return resolved
}

// refuse returns the error of a search that must fail.
func (w *world) refuse(t *testing.T, arguments credentials.Arguments) (credentials.Resolved, error) {
	t.Helper()
	resolved, err := credentials.Resolve(arguments, w.environment())
	if err == nil {
		t.Fatal("Resolve: no error")
	}
	if calls := w.wire(); len(calls) > 0 {
		t.Errorf("Resolve made calls: %v", calls)
	}
	return resolved, err
}

// use signs a call of the API with what source gives.
func (w *world) use(t *testing.T, source *credentials.Source) {
	t.Helper()
	credential, err := source.Retrieve(t.Context())
	if err != nil {
		t.Fatalf("Retrieve: %v", err)
	}
	caller := cloudapi.NewClient(cloudapi.Config{Transport: w.transport, Clock: w.clock})
	request := cloudapi.Request{Endpoint: w.endpoint(), Service: "trtc", Version: "2019-07-22", Action: "Use", Region: "ap-tokyo"}
	if _, err := caller.Call(t.Context(), credential, request, &struct{}{}); err != nil {
		t.Fatalf("Use: %v", err)
	}
}

func (w *world) fail(t *testing.T, source *credentials.Source) error {
	t.Helper()
	credential, err := source.Retrieve(t.Context())
	if err == nil {
		t.Fatalf("Retrieve: no error but %q", credential.SecretID)
	}
	if credential != (cloudapi.Credential{}) {
		t.Error("Retrieve gave a key beside the error")
	}
	return err
}

func write(t *testing.T, content string, path ...string) string {
	t.Helper()
	file := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func sourceError(t *testing.T, err error) *credentials.SourceError {
	t.Helper()
	var failed *credentials.SourceError
	if !errors.As(err, &failed) {
		t.Fatalf("error is %T %v, want a *SourceError", err, err)
	}
	return failed
}

func warned(resolved credentials.Resolved, parts ...string) bool {
	for _, warning := range resolved.Warnings {
		text := warning.Summary + ": " + warning.Detail
		missing := false
		for _, part := range parts {
			missing = missing || !strings.Contains(text, part)
		}
		if !missing {
			return true
		}
	}
	return false
}

func cancelled(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
