package provider_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccResetStream runs the built program against a TLS server that offers
// HTTP/2 and resets the stream (or the connection) of each start after it ran.
// The service receives one start, and the error announces the lost answer.
func TestAccResetStream(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only there SSL_CERT_FILE names trusted certificates")
	}
	world := acctest.NewWorld(t, anyTicket, func(options *trtcmock.Options) { options.Now = time.Now })
	world.Clock.Advance(time.Since(world.Clock.Now()))
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
	certificate := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(certificate, block, 0o600); err != nil {
		t.Fatal(err)
	}
	world.URL = server.URL

	cli := acctest.InstalledCLI(t)
	cli.Write(t, "main.tf", world.Config(t, nil))
	command := cli.Command(t, "apply", "-auto-approve", "-no-color")
	command.Env = append(command.Env, "SSL_CERT_FILE="+certificate)
	output, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(output), "may have started: no response was received") {
		t.Errorf("apply: %v, want an error that announces the lost answer:\n%s", err, output)
	}
	world.ExpectJournal(t, acctest.Start)
	if alive := world.Mock.Alive(); len(alive) != 1 {
		t.Errorf("%d tasks are running, want the one that was announced", len(alive))
	}
}
