package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// logIn runs examples/ci/github/login.sh like a workflow, and sets the
// variables that it writes for later steps.
func (s *exampleStage) logIn(t *testing.T) {
	t.Helper()
	s.withoutKeys()
	output, handedOver, err := s.loginScript(t, exampleRole)
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	text, err := os.ReadFile(handedOver)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		if !strings.Contains(output, "::add-mask::"+value) {
			t.Errorf("%s is not masked", name)
		}
		s.env[name] = value
	}
}

// loginScript runs login.sh for a role, and returns its output and the file
// with the variables.
func (s *exampleStage) loginScript(t *testing.T, role string) (output, handedOver string, err error) {
	t.Helper()
	// The script signs with the system time, which the service checks.
	s.world.Clock.Advance(time.Since(s.world.Clock.Now()))
	handedOver = filepath.Join(t.TempDir(), "github-env")
	output, err = s.script(t, "login.sh",
		"ACTIONS_ID_TOKEN_REQUEST_URL="+serveIdentityToken(t).URL+"/?api-version=2.0",
		"ACTIONS_ID_TOKEN_REQUEST_TOKEN=request-token",
		"GITHUB_ENV="+handedOver,
		"AUDIENCE=terraform-trtc", "PROVIDER_ID=github", "ROLE_ARN="+role,
		"TENCENTCLOUD_STS_ENDPOINT="+s.world.URL)
	return output, handedOver, err
}

// serveIdentityToken responds like GitHub to a workflow that requests its
// token.
func serveIdentityToken(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "bearer request-token" || r.URL.Query().Get("audience") != "terraform-trtc" {
			http.Error(w, "no token for you", http.StatusUnauthorized)
			return
		}
		_, _ = fmt.Fprintf(w, `{"value": %q}`, exampleToken)
	}))
	t.Cleanup(server.Close)
	return server
}

// TestAccExampleLoginRefused checks that a refused login fails the step and
// writes no variables.
func TestAccExampleLoginRefused(t *testing.T) {
	t.Parallel()
	stage := newExampleStage(t, "ci/github")
	output, handedOver, err := stage.loginScript(t, "qcs::cam::uin/100000000001:roleName/other")
	if err == nil || !strings.Contains(output, "RoleNotFound") {
		t.Errorf("%v, want an error that says why: %s", err, output)
	}
	if _, err := os.Stat(handedOver); err == nil {
		t.Error("the script handed variables over")
	}
}
