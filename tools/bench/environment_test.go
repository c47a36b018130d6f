package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestStates follows the CLI's backend "http".
func TestStates(t *testing.T) {
	t.Parallel()
	environment, err := start(t.Context(), &setup{}, 20)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = environment.server.Close() })
	send := func(method, path, body string) (int, string) {
		request, err := http.NewRequestWithContext(t.Context(), method, environment.url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(text)
	}
	if status, _ := send(http.MethodGet, statePrefix+"one", ""); status != http.StatusNotFound {
		t.Errorf("a state that does not exist yet: status %d", status)
	}
	if status, _ := send(http.MethodPost, statePrefix+"one", "state"); status != http.StatusOK {
		t.Errorf("status of a write = %d", status)
	}
	if status, text := send(http.MethodGet, statePrefix+"one", ""); status != http.StatusOK || text != "state" {
		t.Errorf("read %d %q, want the state that was written", status, text)
	}
	if status, _ := send(http.MethodGet, statePrefix+"two", ""); status != http.StatusNotFound {
		t.Errorf("another state: status %d", status)
	}
	if status, text := send(http.MethodGet, "/_mock/journal", ""); status != http.StatusOK || strings.TrimSpace(text) != "[]" {
		t.Errorf("the mock answered %d %q", status, text)
	}
}

// TestConfigurations checks what the topics refer to by name.
func TestConfigurations(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"trtc_stream_ingest", "trtc_stream_ingest_aliases", "random_password", "null_resource"} {
		text, err := os.ReadFile(filepath.Join("configurations", name, "main.tf"))
		if err != nil {
			t.Error(err)
		}
		provider, _, _ := strings.Cut(name, "_")
		if !strings.Contains(string(text), `source = "`+source+provider+`"`) {
			t.Errorf("%s does not take its provider from %s", name, source)
		}
	}
}
