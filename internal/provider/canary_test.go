package provider_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestCanary runs everything that a user runs, and everything that can go
// wrong, with secrets that are easily recognized, and then looks for them
// wherever they might have got to. The provider is the real program, with the
// real CLI, both logging all they can.
func TestCanary(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it takes many runs of the real CLI")
	}
	acctest.Needs(t, features.Ephemeral, features.WriteOnly)
	plugins := buildProvider(t)
	for name, test := range map[string]func(*testing.T, string){
		"life, write-only": canaryLifeWriteOnly,
		"life, stored":     canaryLifeStored,
		"faults":           canaryFaults,
		"echoes":           canaryEchoes,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, plugins)
		})
	}
}

// canaryTickets mints both tickets in every run.
func canaryTickets() string {
	user := fmt.Sprintf("  sdk_app_id = %d\n  user_id = %q\n", acctest.SdkAppID, acctest.UserID)
	return "ephemeral \"trtc_user_sig\" \"robot\" {\n" + user + "}\n" +
		"ephemeral \"trtc_private_map_key\" \"robot\" {\n" + user + "  room_id = \"1001\"\n}\n"
}

const canaryVariables = `
variable "stream_url" {
  sensitive = true
  ephemeral = EPHEMERAL
}
variable "volume" { default = 100 }
variable "paused" { default = false }
`

func canaryIngest(secrets string) string {
	return fmt.Sprintf("resource \"trtc_stream_ingest\" \"test\" {\n  sdk_app_id = %d\n  room_id = \"1001\"\n  user_id = %q\n  volume = var.volume\n  paused = var.paused\n%s}\n",
		acctest.SdkAppID, acctest.UserID, secrets) +
		"data \"trtc_stream_ingest\" \"test\" {\n  sdk_app_id = trtc_stream_ingest.test.sdk_app_id\n  task_id = trtc_stream_ingest.test.task_id\n}\n" +
		"output \"id\" { value = trtc_stream_ingest.test.id }\n"
}

// canaryLifeWriteOnly is the documented way: keys in the environment, tickets
// minted on the spot, all secrets in write-only arguments.
func canaryLifeWriteOnly(t *testing.T, plugins string) {
	t.Helper()
	world := newCanaryWorld(t, plugins, unwrapped)
	configuration := strings.Replace(canaryVariables, "EPHEMERAL", "true", 1) + canaryTickets() + canaryIngest(`
  user_sig_wo           = ephemeral.trtc_user_sig.robot.user_sig
  private_map_key_wo    = ephemeral.trtc_private_map_key.robot.private_map_key
  stream_url_wo         = var.stream_url
  stream_url_wo_version = var.volume
`)
	canaryLife(t, world, configuration, nil, nil)
}

// canaryLifeStored gives everything through ordinary arguments, and the keys
// in the provider block.
func canaryLifeStored(t *testing.T, plugins string) {
	t.Helper()
	world := newCanaryWorld(t, plugins, unwrapped)
	configuration := strings.Replace(canaryVariables, "EPHEMERAL", "false", 1) + `
variable "secret_key" { ephemeral = true }
variable "security_token" { ephemeral = true }
variable "user_sig" { sensitive = true }
variable "private_map_key" { sensitive = true }
provider "trtc" {
  secret_key     = var.secret_key
  security_token = var.security_token
}
` + canaryIngest(`
  user_sig        = var.user_sig
  private_map_key = var.private_map_key
  stream_url      = var.stream_url
`)
	userSig, privateMapKey := canaryMinted(t)
	canaryLife(t, world, configuration, []string{inURL, inTicket}, []string{
		"TF_VAR_secret_key=" + canarySecretKey, "TF_VAR_security_token=" + canaryToken,
		"TF_VAR_user_sig=" + userSig, "TF_VAR_private_map_key=" + privateMapKey,
	})
}

// canaryMinted are tickets that hold now.
func canaryMinted(t *testing.T) (userSig, privateMapKey string) {
	t.Helper()
	key, err := tickets.NewKey(canaryAppKey)
	if err != nil {
		t.Fatal(err)
	}
	room, err := tickets.ParseRoom(tickets.RoomIDTypeInt, "1001")
	if err != nil {
		t.Fatal(err)
	}
	claims := tickets.UserSigClaims{SdkAppID: acctest.SdkAppID, UserID: acctest.UserID, Lifetime: time.Hour}
	if userSig, err = tickets.MintUserSig(key, time.Now(), claims); err != nil {
		t.Fatal(err)
	}
	privateMapKey, err = tickets.MintPrivateMapKey(key, time.Now(), tickets.PrivateMapKeyClaims{
		SdkAppID: claims.SdkAppID, UserID: claims.UserID, Lifetime: claims.Lifetime, Room: room, Privileges: tickets.AllPrivileges,
	})
	if err != nil {
		t.Fatal(err)
	}
	return userSig, privateMapKey
}

// canaryLife creates, looks at, changes, fails to change, imports and destroys,
// with secrets of the stored kinds allowed in plan and state.
func canaryLife(t *testing.T, world *canaryWorld, configuration string, stored, variables []string) {
	t.Helper()
	with := func(more ...string) []string {
		return slices.Concat([]string{"TF_VAR_stream_url=" + canaryURL}, variables, more)
	}
	r := world.run(t, configuration, stored...)

	// A task that was started but not paused is in the state, tainted.
	r.variables = with("TF_VAR_paused=true")
	injectAt(t, world, trtcmock.Fault{Action: acctest.Update, Kind: trtcmock.FaultCode, Code: "UnauthorizedOperation"})
	r.fail(t, "apply", "-auto-approve")
	state := r.succeed(t, "show", "-json")
	if !strings.Contains(state, `"tainted":true`) || !strings.Contains(state, world.mock.Alive()[0].ID) {
		t.Errorf("after a create that failed half way the state is %s", state)
	}

	r.variables = with()
	r.succeed(t, "plan", "-out=planned")
	r.succeed(t, "show", "planned")
	r.succeed(t, "show", "-json", "planned")
	r.succeed(t, "apply", "planned")
	r.succeed(t, "show")
	r.succeed(t, "show", "-json")
	r.variables = with("TF_VAR_volume=50", "TF_VAR_stream_url="+canaryURL+"&again=1")
	r.succeed(t, "apply", "-auto-approve")

	imported := world.run(t, configuration, stored...)
	imported.variables = r.variables
	id := strings.Trim(strings.TrimSpace(r.succeed(t, "output", "id")), `"`)
	imported.succeed(t, "import", "trtc_stream_ingest.test", id)
	imported.succeed(t, "apply", "-auto-approve")
	imported.succeed(t, "destroy", "-auto-approve")
	r.succeed(t, "refresh")

	expectLogged(t, r, imported)
	searchJournal(t, world)
}

// expectLogged keeps the search of logs from being one of nothing.
func expectLogged(t *testing.T, runs ...*canaryRun) {
	t.Helper()
	var all strings.Builder
	for _, r := range runs {
		all.WriteString(r.logged.String())
	}
	logged := all.String()
	for _, action := range []string{acctest.Start, acctest.Describe, acctest.Update, acctest.Stop} {
		if !strings.Contains(logged, "action="+action) {
			t.Errorf("the logs do not tell of %s", action)
		}
	}
}

// searchJournal searches what the mock shows of itself.
func searchJournal(t *testing.T, world *canaryWorld) {
	t.Helper()
	shown, err := json.Marshal([]any{world.mock.Journal(), world.mock.Tasks()})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(shown), acctest.Start) {
		t.Error("the mock's journal is empty")
	}
	search(t, "the mock's journal", string(shown))
}

func injectAt(t *testing.T, world *canaryWorld, faults ...trtcmock.Fault) {
	t.Helper()
	if err := world.mock.Inject(faults...); err != nil {
		t.Fatal(err)
	}
}
