package provider_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
)

// probes are configurations that only CLIs with a feature accept.
func probes(t *testing.T, world *acctest.World) map[features.Feature]string {
	t.Helper()
	stream := world.Config(t, nil)
	return map[features.Feature]string{
		features.Moved: stream + `
moved {
  from = trtc_stream_ingest.old
  to   = trtc_stream_ingest.test
}`,
		features.ImportBlocks: stream + `
variable "id" { default = "1400000001/x" }
import {
  to = trtc_stream_ingest.test
  id = var.id
}`,
		features.Identity: stream + `
import {
  to       = trtc_stream_ingest.test
  identity = { sdk_app_id = 1400000001, task_id = "x" }
}`,
		features.TerraformData: `resource "terraform_data" "test" {}`,
		features.Checks: `
check "test" {
  assert {
    condition     = path.module != ""
    error_message = "It is nowhere."
  }
}`,
		features.Removed: `
removed {
  from = trtc_stream_ingest.test
  lifecycle { destroy = false }
}`,
		features.Ephemeral: ephemeralBlock(userSigType, userSigArguments()),
		features.WriteOnly: world.Config(t, acctest.Arguments{"user_sig": "", "user_sig_wo": `"a-ticket"`}),
		features.Actions: `
action "trtc_stream_ingest_stop" "test" {
  config {
    sdk_app_id = 1400000001
    task_id    = "x"
  }
}`,
	}
}

// TestAccFeatures checks that the CLI supports exactly the features that the
// tests and the documentation assume.
func TestAccFeatures(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	for feature, configuration := range probes(t, world) {
		t.Run(string(feature), func(t *testing.T) {
			t.Parallel()
			cli := world.CLI(t)
			cli.Write(t, "main.tf", configuration)
			output := cli.Run(t, "validate")
			if has, want := output.ExitCode == 0, acctest.Has(t, feature); has != want {
				t.Errorf("it has %s: %t, want %t: %s", feature, has, want, output.Text())
			}
		})
	}
}

// TestAccBinary runs the built program. It logs its calls only when a log variable
// is set.
func TestAccBinary(t *testing.T) {
	t.Parallel()
	world := acctest.NewSystemWorld(t)
	cli := acctest.InstalledCLI(t)
	cli.Write(t, "main.tf", world.Config(t, nil))
	cli.MustRun(t, "apply")
	world.ExpectJournal(t, acctest.Start, acctest.Describe)
	environment := cli.Env
	for variable, want := range map[string]bool{"TF_LOG=": false, "TF_LOG=debug": true, "TF_LOG_PROVIDER=debug": true} {
		cli.Env = slices.Concat(environment, []string{variable})
		output := cli.MustRun(t, "plan", "-detailed-exitcode").Text()
		if got := strings.Contains(output, "called the TRTC API"); got != want {
			t.Errorf("with %s the call is logged: %t, want %t; output: %s", variable, got, want, output)
		}
		world.ExpectJournal(t, acctest.Describe)
	}
	cli.MustRun(t, "destroy", "-refresh=false")
	world.ExpectJournal(t, acctest.Stop, acctest.Describe)
}

// TestAccResetStream runs the built program against a TLS server that offers
// HTTP/2 and resets the stream (or the connection) of each start after it ran.
// The service receives one start, and the error announces the lost response.
func TestAccResetStream(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only there SSL_CERT_FILE names trusted certificates")
	}
	world := acctest.NewSystemWorld(t)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Tc-Action") != acctest.Start {
			world.Mock.ServeHTTP(w, r)
			return
		}
		world.Mock.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler) //nolint:forbidigo // How a handler resets its stream.
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	world.URL = server.URL

	cli := acctest.InstalledCLI(t)
	cli.Write(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	cli.Env = append(cli.Env, "SSL_CERT_FILE="+filepath.Join(cli.Dir, "ca.pem"))
	cli.Write(t, "main.tf", world.Config(t, nil))
	output := cli.Run(t, "apply")
	if output.ExitCode != 1 || !strings.Contains(output.Text(), "may have started: no response was received") {
		t.Errorf("exit code %d, want an error that announces the lost response: %s", output.ExitCode, output.Text())
	}
	world.ExpectJournal(t, acctest.Start)
	if alive := world.Mock.Alive(); len(alive) != 1 {
		t.Errorf("%d tasks are running, want the one that was announced", len(alive))
	}
}
