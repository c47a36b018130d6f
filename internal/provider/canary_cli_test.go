package provider_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// canaryWorld is a service in real time that knows the canaries, with the real
// provider, as a program of its own, below the real CLI.
type canaryWorld struct {
	mock *trtcmock.Server
	url  string
	// plugins is the directory that the provider was built into.
	plugins string
	cli     string
}

// buildProvider builds the provider into a directory, with the race detector
// when the test has it: what is compiled already need only be linked.
func buildProvider(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	arguments := []string{"build", "-o", filepath.Join(dir, "terraform-provider-trtc"), "github.com/trtc-community/terraform-provider-trtc"}
	if build, ok := debug.ReadBuildInfo(); ok && slices.Contains(build.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		arguments = slices.Insert(arguments, 1, "-race")
	}
	if output, err := exec.CommandContext(t.Context(), "go", arguments...).CombinedOutput(); err != nil {
		t.Fatalf("building the provider: %v\n%s", err, output)
	}
	return dir
}

func newCanaryWorld(t *testing.T, plugins string, wrap func(http.Handler) http.Handler) *canaryWorld {
	t.Helper()
	mock := trtcmock.New(trtcmock.Options{
		Credentials:    map[string]string{acctest.SecretID: canarySecretKey},
		Tokens:         map[string]string{acctest.SecretID: canaryToken},
		AppKeys:        map[uint64]string{acctest.SdkAppID: canaryAppKey},
		PrivilegedApps: map[uint64]bool{acctest.SdkAppID: true},
	})
	server := httptest.NewServer(wrap(mock))
	t.Cleanup(server.Close)
	return &canaryWorld{mock: mock, url: server.URL, plugins: plugins, cli: acctest.Program(t)}
}

func unwrapped(handler http.Handler) http.Handler { return handler }

// canaryRun is one working directory. Every command in it is searched: what
// the CLI prints, and the log of CLI and provider at TRACE.
type canaryRun struct {
	world *canaryWorld
	dir   string
	// variables are further environment variables.
	variables []string
	// stored are the secrets that the configuration lets into plan and state.
	stored []string
	// logged is what all commands so far have logged.
	logged strings.Builder
}

func (w *canaryWorld) run(t *testing.T, configuration string, stored ...string) *canaryRun {
	t.Helper()
	r := &canaryRun{world: w, dir: t.TempDir(), stored: stored}
	r.write(t, "cli.tfrc", fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"trtc-community/trtc\" = %q\n  }\n}\n", filepath.ToSlash(w.plugins)))
	r.write(t, "main.tf", acctest.RequiredProviders+configuration)
	return r
}

func (r *canaryRun) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// environment has the secrets where users keep them.
func (r *canaryRun) environment(log string) []string {
	return append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + r.dir,
		"TF_CLI_CONFIG_FILE=" + filepath.Join(r.dir, "cli.tfrc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_CLI_ARGS=-no-color",
		// A program with the race detector waits for a second before it exits,
		// and goes on after a race.
		"GORACE=atexit_sleep_ms=0 halt_on_error=1",
		"TF_LOG=TRACE", "TF_LOG_CORE=TRACE", "TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH=" + log,
		"TENCENTCLOUD_TRTC_ENDPOINT=" + r.world.url, "TENCENTCLOUD_REGION=" + acctest.Region,
		"TENCENTCLOUD_SECRET_ID=" + acctest.SecretID, "TENCENTCLOUD_SECRET_KEY=" + canarySecretKey,
		"TENCENTCLOUD_SECURITY_TOKEN=" + canaryToken, "TRTC_SDK_SECRET_KEY=" + canaryAppKey,
	}, r.variables...)
}

// succeed runs a command that must succeed, and returns what it printed.
func (r *canaryRun) succeed(t *testing.T, arguments ...string) string {
	t.Helper()
	output, code := r.command(t, arguments...)
	if code != 0 {
		t.Fatalf("terraform %v: exit code %d\n%s", arguments, code, output)
	}
	return output
}

// fail runs a command that must fail, and returns what it printed.
func (r *canaryRun) fail(t *testing.T, arguments ...string) string {
	t.Helper()
	output, code := r.command(t, arguments...)
	if code != 1 {
		t.Fatalf("terraform %v: exit code %d, want 1\n%s", arguments, code, output)
	}
	return output
}

func (r *canaryRun) command(t *testing.T, arguments ...string) (printed string, code int) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	command := exec.CommandContext(t.Context(), r.world.cli, arguments...)
	command.Dir, command.Env = r.dir, r.environment(log)
	output, err := command.CombinedOutput()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	var allowed []string
	if slices.Contains(arguments, "-json") {
		allowed = r.stored
	}
	what := "terraform " + strings.Join(arguments, " ")
	search(t, "what "+what+" printed", string(output), allowed...)
	logged, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(logged)) {
		search(t, "what "+what+" logged", line)
	}
	r.logged.Write(logged)
	r.searchFiles(t)
	return string(output), command.ProcessState.ExitCode()
}

// searchFiles searches what the CLI left behind, into plan files too.
func (r *canaryRun) searchFiles(t *testing.T) {
	t.Helper()
	files, err := os.ReadDir(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if file.IsDir() {
			continue
		}
		content, err := os.ReadFile(filepath.Join(r.dir, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		search(t, file.Name(), string(content), r.stored...)
		archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			continue
		}
		for _, entry := range archive.File {
			search(t, entry.Name+" of "+file.Name(), unzipped(t, entry), r.stored...)
		}
	}
}

func unzipped(t *testing.T, entry *zip.File) string {
	t.Helper()
	reader, err := entry.Open()
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// search fails the test when a text holds a secret that it may not.
func search(t *testing.T, where, text string, allowed ...string) {
	t.Helper()
	for _, leak := range leaks(text) {
		if !slices.Contains(allowed, leak) {
			t.Errorf("a secret (%s) is in %s:\n%.2000s", leak, where, text)
		}
	}
}
