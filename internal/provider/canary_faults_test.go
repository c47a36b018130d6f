package provider_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// canaryMany is as many stream ingests as there are ways to fail, each in a
// room of its own.
func canaryMany(count int) string {
	return fmt.Sprintf(`
variable "stream_url" { ephemeral = true }
variable "volume" { default = 100 }

ephemeral "trtc_user_sig" "robot" {
  sdk_app_id = %[1]d
  user_id    = %[2]q
}

ephemeral "trtc_private_map_key" "robot" {
  count      = %[3]d
  sdk_app_id = %[1]d
  user_id    = %[2]q
  room_id    = 1000 + count.index
}

resource "trtc_stream_ingest" "test" {
  count                 = %[3]d
  sdk_app_id            = %[1]d
  room_id               = 1000 + count.index
  user_id               = %[2]q
  user_sig_wo           = ephemeral.trtc_user_sig.robot.user_sig
  private_map_key_wo    = ephemeral.trtc_private_map_key.robot[count.index].private_map_key
  stream_url_wo         = var.stream_url
  stream_url_wo_version = var.volume
  volume                = var.volume
}
`, acctest.SdkAppID, acctest.UserID, count)
}

// wide lets every one of the many resources be worked on at once.
const wide = "-parallelism=40"

// everyFault makes the coming calls of an action go wrong, each in another
// way. Codes come with messages that quote secrets.
func everyFault(action string) []trtcmock.Fault {
	faults := make([]trtcmock.Fault, 0, len(trtcmock.FaultKinds()))
	for _, kind := range trtcmock.FaultKinds() {
		fault := trtcmock.Fault{Action: action, Kind: kind}
		switch kind {
		case trtcmock.FaultDelay:
			fault.Delay = trtcmock.Duration(50 * time.Millisecond)
		case trtcmock.FaultCode, trtcmock.FaultCodeAfter:
			fault.Code = "FailedOperation.NotAllowed"
			fault.Message = strings.Join([]string{"not for", canarySecretKey, canaryToken, "at", canaryURL}, " ")
		}
		faults = append(faults, fault)
	}
	return faults
}

// canaryFaults lets every action fail in every way that the mock knows.
func canaryFaults(t *testing.T, plugins string) {
	t.Helper()
	world := newCanaryWorld(t, plugins, unwrapped)
	r := world.run(t, canaryMany(len(trtcmock.FaultKinds())))
	settings := func(volume string) []string {
		return []string{"TF_VAR_stream_url=" + canaryURL, "TF_VAR_volume=" + volume}
	}
	r.variables = settings("100")
	injectAt(t, world, everyFault(acctest.Start)...)
	expectTold(t, r.fail(t, "apply", "-auto-approve", wide), "may have started", "Code: FailedOperation.NotAllowed")
	for _, task := range world.mock.Alive() {
		world.mock.Finish(task.ID)
	}
	r.succeed(t, "apply", "-auto-approve", wide)

	injectAt(t, world, everyFault(acctest.Describe)...)
	expectTold(t, r.fail(t, "plan", wide), "Could not read", "Code: FailedOperation.NotAllowed", "redirect")
	r.variables = settings("50")
	injectAt(t, world, everyFault(acctest.Update)...)
	expectTold(t, r.fail(t, "apply", "-auto-approve", "-refresh=false", wide), "Could not update", "Code: FailedOperation.NotAllowed", "redirect")
	injectAt(t, world, everyFault(acctest.Stop)...)
	expectTold(t, r.fail(t, "destroy", "-auto-approve", "-refresh=false", wide), "Could not stop", "Code: FailedOperation.NotAllowed", "redirect")

	hit := map[string]bool{}
	for _, call := range world.mock.Journal() {
		hit[call.Action+" "+call.Fault] = true
	}
	for _, action := range []string{acctest.Start, acctest.Describe, acctest.Update, acctest.Stop} {
		for _, kind := range trtcmock.FaultKinds() {
			if !hit[action+" "+kind] {
				t.Errorf("no %s was hit by %s", action, kind)
			}
		}
	}
	expectLogged(t, r)
	searchJournal(t, world)
}

// expectTold keeps the search of diagnostics from being one of nothing.
func expectTold(t *testing.T, printed string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(printed, text) {
			t.Errorf("nothing tells %q:\n%s", text, printed)
		}
	}
}
