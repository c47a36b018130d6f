package provider_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/base64"
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
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// canaryWorld is a service in real time that knows the canaries, with the real
// provider as its own process under the real CLI.
type canaryWorld struct {
	mock *trtcmock.Server
	url  string
	// plugins is the directory of the built provider.
	plugins string
	cli     string
}

// buildProvider builds the provider into a directory, with the race detector
// when the test has it, so that only linking is left to do.
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

// canaryRun is a working directory. The output of every command and the logs of
// CLI and provider at TRACE are searched.
type canaryRun struct {
	world *canaryWorld
	dir   string
	// variables are further environment variables.
	variables []string
	// stored are the secrets that the configuration puts into plan and state.
	stored []string
	// logged is the log of all commands so far.
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

// environment returns the environment, with the secrets in the variables that
// users set.
func (r *canaryRun) environment(log string) []string {
	return append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + r.dir,
		"TF_CLI_CONFIG_FILE=" + filepath.Join(r.dir, "cli.tfrc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_CLI_ARGS=-no-color",
		// By default a program with the race detector waits for a second
		// before it exits, and continues after a race.
		"GORACE=atexit_sleep_ms=0 halt_on_error=1",
		"TF_LOG_SDK_PROTO_DATA_DIR=" + r.dir,
		"TF_LOG=TRACE", "TF_LOG_CORE=TRACE", "TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH=" + log,
		"TENCENTCLOUD_TRTC_ENDPOINT=" + r.world.url, "TENCENTCLOUD_REGION=" + acctest.Region,
		"TENCENTCLOUD_SECRET_ID=" + acctest.SecretID, "TENCENTCLOUD_SECRET_KEY=" + canarySecretKey,
		"TENCENTCLOUD_SECURITY_TOKEN=" + canaryToken, "TRTC_SDK_SECRET_KEY=" + canaryAppKey,
	}, r.variables...)
}

// succeed runs a command that must succeed, and returns its output.
func (r *canaryRun) succeed(t *testing.T, arguments ...string) string {
	t.Helper()
	output, code := r.command(t, arguments...)
	if code != 0 {
		t.Fatalf("terraform %v: exit code %d\n%s", arguments, code, output)
	}
	return output
}

// fail runs a command that must fail, and returns its output.
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

// searchFiles searches the files that the CLI wrote, including plan files.
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

// search fails the test when a text contains a secret that is not allowed
// there.
func search(t *testing.T, where, text string, allowed ...string) {
	t.Helper()
	for _, leak := range leaks(text) {
		if !slices.Contains(allowed, leak) {
			t.Errorf("a secret (%s) is in %s:\n%.2000s", leak, where, text)
		}
	}
}

// The secrets of the canary runs. Texts are searched for the parts in canaries,
// so that a partial, escaped or decoded quotation is found too.
const (
	canarySecretKey = "canaryAPIkey7Qw2"
	canaryToken     = "canarySTStoken9Zx4"
	canaryAppKey    = "c0ffee0bad5eed0c0ffee0bad5eed0c0ffee0bad5eed0c0ffee0bad5eed0cafe"
	canaryPassword  = "canaryPASSword3Rt"
	canarySignature = "canarySIGNature5Yu"

	// canaryURL contains characters that escaping changes: JSON writes & as \u0026.
	canaryURL = "https://viewer:" + canaryPassword + "@example.com/live.flv?expires=4102444800&sign=" + canarySignature + "&user=a%26b"
)

// inURL are the secrets that stream_url, unlike stream_url_wo, puts into plan
// and state.
const inURL = "stream URL"

// inTicket is what user_sig and private_map_key put into plan and state.
const inTicket = "ticket"

func canaries() map[string][]string {
	return map[string][]string{
		"secret key":      {canarySecretKey[:12]},
		"security token":  {canaryToken[:12]},
		"application key": {canaryAppKey[:32], canaryAppKey[32:]},
		inURL:             {canaryPassword, canarySignature},
	}
}

// leaks returns the names of the secrets in a text.
func leaks(text string) []string {
	var found []string
	for name, parts := range canaries() {
		for _, part := range parts {
			if slices.ContainsFunc(encodings(part), func(encoded string) bool { return strings.Contains(text, encoded) }) {
				found = append(found, name)
				break
			}
		}
	}
	if holdsTicket(text) {
		found = append(found, inTicket)
	}
	return found
}

// encodings returns a part of a secret as it is, in upper case, in hexadecimal,
// and as what base64 makes of it wherever it stands.
func encodings(part string) []string {
	encoded := []string{part, strings.ToUpper(part), fmt.Sprintf("%x", part)}
	for shift := range 3 {
		whole := (len(part) - shift) / 3 * 3
		encoded = append(encoded, base64.StdEncoding.EncodeToString([]byte(part[shift:shift+whole])))
	}
	return encoded
}

// holdsTicket reports whether a text contains a ticket or the first part of
// one. All tickets are compressed the same way.
func holdsTicket(text string) bool {
	const start = "eJ"
	for at := strings.Index(text, start); at >= 0; {
		if strings.Contains(unpacked(text[at:]), `"TLS.`) {
			return true
		}
		next := strings.Index(text[at+1:], start)
		if next < 0 {
			return false
		}
		at += 1 + next
	}
	return false
}

// unpacked returns the readable part of a ticket.
func unpacked(text string) string {
	end := strings.IndexFunc(text, func(r rune) bool {
		return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-", r)
	})
	if end < 0 {
		end = len(text)
	}
	packed, err := base64.RawStdEncoding.DecodeString(strings.NewReplacer("*", "+", "-", "/").Replace(text[:end/4*4]))
	if err != nil {
		return ""
	}
	reader, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return ""
	}
	// A truncated ticket, or one with trailing text, ends in an error.
	document, _ := io.ReadAll(io.LimitReader(reader, 4096))
	return string(document)
}

// TestCanariesAreFound checks that the search finds secrets where there are
// some.
func TestCanariesAreFound(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	userSig := world.UserSig(t, acctest.UserID)
	world.Clock.Advance(time.Hour)
	for name, text := range map[string]string{
		"secret key":      "{\"k\":\"" + canarySecretKey + "\"}",
		"security token":  "X-TC-Token: " + canaryToken,
		"application key": "key is " + canaryAppKey[:32] + "…",
		inURL:             strings.ReplaceAll(canaryURL, "&", `\u0026`),
		inTicket:          "body " + userSig + "!",
		"ticket, cut":     "UserSig=" + userSig[:len(userSig)/2],
		"ticket, inside":  "\xd9\xb8" + userSig + "\xa5eJxy",
		"ticket, later":   "eJeJ " + world.PrivateMapKey(t, "somebody-else", 7),
	} {
		want, _, _ := strings.Cut(name, ",")
		if found := leaks(text); len(found) != 1 || found[0] != want {
			t.Errorf("%s: found %v in %q", name, found, text)
		}
	}
	for _, harmless := range []string{"", "eJ", "eJxy", acctest.SecretID, "https://example.com/live.flv", strings.Repeat("eJ", 100)} {
		if found := leaks(harmless); len(found) > 0 {
			t.Errorf("found %v in %q", found, harmless)
		}
	}
}
