package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// logIn runs examples/ci/github/login.sh as a workflow does, and takes over the
// variables that it leaves for later steps.
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

// loginScript runs login.sh for a role, and returns what it printed and the file
// with what it handed over.
func (s *exampleStage) loginScript(t *testing.T, role string) (output, handedOver string, err error) {
	t.Helper()
	for _, program := range []string{"sh", "curl", "jq"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("the script needs %s: %v", program, err)
		}
	}
	// The script asks the system for the time, and the service compares.
	s.world.Clock.Advance(time.Since(s.world.Clock.Now()))
	handedOver = filepath.Join(t.TempDir(), "github-env")
	command := exec.CommandContext(t.Context(), "sh", filepath.Join(exampleRoot, "ci", "github", "login.sh"))
	command.Env = []string{
		"PATH=" + os.Getenv("PATH"),
		"ACTIONS_ID_TOKEN_REQUEST_URL=" + serveIdentityToken(t).URL + "/?api-version=2.0",
		"ACTIONS_ID_TOKEN_REQUEST_TOKEN=request-token",
		"GITHUB_ENV=" + handedOver,
		"AUDIENCE=terraform-trtc", "PROVIDER_ID=github", "ROLE_ARN=" + role,
		"TENCENTCLOUD_STS_ENDPOINT=" + s.world.URL,
	}
	text, err := command.CombinedOutput()
	return string(text), handedOver, err
}

// serveIdentityToken answers as GitHub does when a workflow asks for its token.
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

// TestAccExampleLoginRefused: a login that is refused fails the step, and hands
// nothing over.
func TestAccExampleLoginRefused(t *testing.T) {
	t.Parallel()
	stage := newExampleStage(t)
	output, handedOver, err := stage.loginScript(t, "qcs::cam::uin/100000000001:roleName/other")
	if err == nil {
		t.Error("the script succeeded")
	}
	if !strings.Contains(output, "RoleNotFound") {
		t.Errorf("the script does not say why: %s", output)
	}
	if _, err := os.Stat(handedOver); err == nil {
		t.Error("the script handed variables over")
	}
}

// TestAccExampleCheck: the scheduled check finds a stream that has ended, and
// nothing where everything plays.
func TestAccExampleCheck(t *testing.T) {
	t.Parallel()
	const dir = "ci/github"
	stage := newExampleStage(t)
	needsOf(t, dir)
	stage.keepStateHere(t, dir)
	stage.apply(t, dir)
	if output, err := stage.checkScript(t, dir); err != nil || !strings.Contains(output, "Everything plays.") {
		t.Errorf("while the stream plays: %v\n%s", err, output)
	}
	stage.world.FinishAll()
	if output, err := stage.checkScript(t, dir); err == nil || !strings.Contains(output, "Ended: module.radio.trtc_stream_ingest.radio") {
		t.Errorf("after the stream ended: %v\n%s", err, output)
	}
}

// checkScript runs check.sh beside the example's state.
func (s *exampleStage) checkScript(t *testing.T, dir string) (string, error) {
	t.Helper()
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skipf("the script needs jq: %v", err)
	}
	cli := s.cli.Command(t)
	programs := t.TempDir()
	if err := os.Symlink(cli.Path, filepath.Join(programs, "terraform")); err != nil {
		t.Skipf("the script needs terraform on the PATH: %v", err)
	}
	command := exec.CommandContext(t.Context(), "sh", "check.sh")
	command.Dir = filepath.Join(cli.Dir, "examples", filepath.FromSlash(dir))
	command.Env = slices.Concat(cli.Env, []string{"PATH=" + programs + string(os.PathListSeparator) + os.Getenv("PATH")})
	text, err := command.CombinedOutput()
	return string(text), err
}
