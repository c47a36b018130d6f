package provider_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// canaryConfig has a stream with minted tickets and a write-only URL, and one with
// a ticket and a URL that are stored.
const canaryConfig = `
variable "secret_key" { ephemeral = true }
variable "stream_url" { ephemeral = true }
variable "stored_url" { sensitive = true }
variable "user_sig" { sensitive = true }
variable "private_map_key" { sensitive = true }
variable "volume" { default = 100 }

provider "trtc" { secret_key = var.secret_key }

ephemeral "trtc_user_sig" "minted" {
  sdk_app_id = 1400000001
  user_id    = "robot-2"
}
ephemeral "trtc_private_map_key" "minted" {
  sdk_app_id = 1400000001
  user_id    = "robot-2"
  room_id    = "1001"
}
resource "trtc_stream_ingest" "minted" {
  sdk_app_id            = 1400000001
  room_id               = "1001"
  user_id               = "robot-2"
  user_sig_wo           = ephemeral.trtc_user_sig.minted.user_sig
  private_map_key_wo    = ephemeral.trtc_private_map_key.minted.private_map_key
  stream_url_wo         = var.stream_url
  stream_url_wo_version = var.volume
}
resource "trtc_stream_ingest" "stored" {
  sdk_app_id      = 1400000001
  room_id         = "1001"
  user_id         = "robot-1"
  user_sig        = var.user_sig
  private_map_key = var.private_map_key
  stream_url      = var.stored_url
  volume          = var.volume
}
`

// canaryRun is a CLI with the built provider, whose output, files and logs at
// TRACE are searched for secrets.
type canaryRun struct {
	cli *acctest.CLI
	// secrets must be nowhere, stored only in plan and state.
	secrets, stored []string
	logged          strings.Builder
}

// TestAccCanary runs every command with secrets that are easy to recognize, once
// with a service that quotes them, and searches everything that the CLI and the
// provider write.
func TestAccCanary(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.Ephemeral, features.WriteOnly)
	const (
		token = "canarySTStoken9Zx4"
		// JSON writes & as \u0026.
		password, signature             = "canaryPASS3Rt", "canarySIGN5Yu"
		streamURL                       = "https://viewer:" + password + "@example.com/live.flv?expires=4102444800&sign=" + signature
		storedPassword, storedSignature = "storedPASS8Ew", "storedSIGN2Lk"
		storedURL                       = "rtmp://radio:" + storedPassword + "@media.example.org/stage?a=%26b&key=" + storedSignature
	)
	world := acctest.NewSystemWorld(t, privilegedApp, func(options *trtcmock.Options) {
		options.Tokens = map[string]string{acctest.SecretID: token}
	})
	userSig, privateMapKey := world.UserSig(t, acctest.UserID), world.PrivateMapKey(t, acctest.UserID, 1001)
	r := &canaryRun{
		cli:     acctest.InstalledCLI(t),
		secrets: []string{acctest.SecretKey, token, acctest.SdkSecretKey, password, signature},
		stored:  []string{userSig, privateMapKey, storedPassword, storedSignature},
	}
	r.cli.Write(t, "main.tf", canaryConfig)
	r.cli.Env = append(r.cli.Env,
		"TF_LOG=TRACE", "TF_LOG_CORE=TRACE", "TF_LOG_PROVIDER=TRACE", "TF_LOG_SDK_PROTO_DATA_DIR="+r.cli.Dir,
		"TENCENTCLOUD_TRTC_ENDPOINT="+world.URL, "TENCENTCLOUD_REGION="+acctest.Region, "TENCENTCLOUD_SECRET_ID="+acctest.SecretID,
		"TENCENTCLOUD_SECURITY_TOKEN="+token, "TRTC_SDK_SECRET_KEY="+acctest.SdkSecretKey,
		"TF_VAR_secret_key="+acctest.SecretKey, "TF_VAR_stream_url="+streamURL, "TF_VAR_stored_url="+storedURL,
		"TF_VAR_user_sig="+userSig, "TF_VAR_private_map_key="+privateMapKey)
	actions := []string{acctest.Start, acctest.Describe, acctest.Update, acctest.Stop}
	refuse := func() {
		for _, action := range actions {
			fault := acctest.RejectAll(action, "InvalidParameter.UserSig")
			fault.Message = strings.Join([]string{"not for", acctest.SecretKey, token, "at", streamURL, storedURL, userSig}, " ")
			world.Inject(t, fault)
		}
	}

	refuse()
	r.fail(t, "apply")
	world.Mock.ClearFaults()
	r.run(t, 0, "plan", "-out=planned")
	r.run(t, 0, "show", "planned")
	r.run(t, 0, "show", "-json", "planned")
	r.run(t, 0, "apply", "planned")
	r.run(t, 0, "show", "-json")
	refuse()
	r.fail(t, "plan")
	r.cli.Env = append(r.cli.Env, "TF_VAR_volume=50")
	r.fail(t, "apply", "-refresh=false")
	r.fail(t, "destroy", "-refresh=false")
	world.Mock.ClearFaults()
	r.run(t, 0, "apply")
	for _, task := range world.Mock.Alive() {
		if task.UserID == "robot-2" {
			r.run(t, 0, "state", "rm", "trtc_stream_ingest.minted")
			r.run(t, 0, "import", "trtc_stream_ingest.minted", fmt.Sprintf("%s/%d/%s", acctest.Region, acctest.SdkAppID, task.ID))
		}
	}
	r.run(t, 0, "apply")
	r.run(t, 0, "destroy")
	for _, action := range actions {
		if !strings.Contains(r.logged.String(), "action="+action) {
			t.Errorf("%s is not in the logs that were searched", action)
		}
	}
}

// fail runs a command that fails because the service refuses its calls.
func (r *canaryRun) fail(t *testing.T, arguments ...string) {
	t.Helper()
	if output := r.run(t, 1, arguments...); !strings.Contains(output, "Code: InvalidParameter.UserSig") || !strings.Contains(output, "(redacted)") {
		t.Errorf("the output does not quote the service: %s", output)
	}
}

// run runs a command, and searches everything that it wrote.
func (r *canaryRun) run(t *testing.T, exitCode int, arguments ...string) string {
	t.Helper()
	command := strings.Join(arguments, " ")
	log := filepath.Join(t.TempDir(), "log")
	r.cli.Env = append(r.cli.Env, "TF_LOG_PATH="+log)
	output := r.cli.Run(t, arguments...)
	if output.ExitCode != exitCode {
		t.Fatalf("%s: exit code %d, want %d: %s", command, output.ExitCode, exitCode, output.Text())
	}
	r.search(t, "the output of "+command, []byte(output.Stdout+output.Stderr), slices.Contains(arguments, "-json"))
	logged, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	r.search(t, "the log of "+command, logged, false)
	r.logged.Write(logged)
	err = filepath.WalkDir(r.cli.Dir, func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			r.searchFile(t, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return output.Text()
}

// searchFile searches a file. A plan is an archive.
func (r *canaryRun) searchFile(t *testing.T, file string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r.search(t, file, content, true)
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return
	}
	for _, entry := range archive.File {
		reader, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		r.search(t, entry.Name+" of "+file, content, true)
	}
}

// ticketForm matches a ticket, which is compressed and encoded. Minted tickets are
// not known to the test.
var ticketForm = regexp.MustCompile(`eJ[A-Za-z0-9*_-]{100,}`)

// search fails the test if a text contains a secret. stores is true for a plan or a
// state, which may contain what is stored.
func (r *canaryRun) search(t *testing.T, where string, text []byte, stores bool) {
	t.Helper()
	for _, secret := range r.stored {
		if stores {
			text = bytes.ReplaceAll(text, []byte(secret), nil)
		}
	}
	forms := []*regexp.Regexp{ticketForm}
	for _, secret := range slices.Concat(r.secrets, r.stored) {
		forms = append(forms, regexp.MustCompile(regexp.QuoteMeta(secret)))
	}
	for _, form := range forms {
		if at := form.FindIndex(text); at != nil {
			t.Errorf("a secret is in %s: %q", where, text[max(0, at[0]-200):at[1]])
		}
	}
}
