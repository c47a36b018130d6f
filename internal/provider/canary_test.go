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

// TestAccCanary runs every command and every failure with secrets that are easy
// to recognize, and searches all output, files and logs for them. The provider
// and the CLI are the real programs, with full logging.
func TestAccCanary(t *testing.T) {
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

// canaryTickets is a configuration that mints both tickets in every run.
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

// canaryLifeWriteOnly is the documented setup: keys in the environment, minted
// tickets, all secrets in write-only arguments.
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

// canaryLifeStored sets every secret with an ordinary argument, and the keys in
// the provider block.
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

// canaryMinted returns valid tickets.
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
		UserSigClaims: claims, Room: room, Privileges: tickets.AllPrivileges,
	})
	if err != nil {
		t.Fatal(err)
	}
	return userSig, privateMapKey
}

// canaryLife creates, reads, changes, fails to change, imports and destroys,
// with the stored kinds of secrets allowed in plan and state.
func canaryLife(t *testing.T, world *canaryWorld, configuration string, stored, variables []string) {
	t.Helper()
	with := func(more ...string) []string {
		return slices.Concat([]string{"TF_VAR_stream_url=" + canaryURL}, variables, more)
	}
	r := world.run(t, configuration, stored...)

	// A task that was started but not paused is in state, with a warning.
	r.variables = with("TF_VAR_paused=true")
	injectAt(t, world, trtcmock.Fault{Action: acctest.Update, Kind: trtcmock.FaultCode, Code: "UnauthorizedOperation"})
	r.succeed(t, "apply", "-auto-approve")
	state := r.succeed(t, "show", "-json")
	if strings.Contains(state, `"tainted":true`) || !strings.Contains(state, world.mock.Alive()[0].ID) {
		t.Errorf("after a pause that failed the state is %s", state)
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

// expectLogged fails if there were no logs to search.
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

// searchJournal searches what the mock's call log shows.
func searchJournal(t *testing.T, world *canaryWorld) {
	t.Helper()
	shown, err := json.Marshal([]any{world.mock.Journal(), world.mock.Tasks()})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(shown), acctest.Start) {
		t.Error("the mock's call log is empty")
	}
	search(t, "the mock's call log", string(shown))
}

func injectAt(t *testing.T, world *canaryWorld, faults ...trtcmock.Fault) {
	t.Helper()
	if err := world.mock.Inject(faults...); err != nil {
		t.Fatal(err)
	}
}

// canaryMany is a configuration of count stream ingests, each in its own room.
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

// wide allows all resources to be changed at the same time.
const wide = "-parallelism=40"

// everyFault returns one fault of each kind for an action. The messages of
// error codes quote secrets.
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

// canaryFaults makes every action fail in every way that the mock supports.
func canaryFaults(t *testing.T, plugins string) {
	t.Helper()
	world := newCanaryWorld(t, plugins, unwrapped)
	r := world.run(t, canaryMany(len(trtcmock.FaultKinds())))
	settings := func(volume string) []string {
		return []string{"TF_VAR_stream_url=" + canaryURL, "TF_VAR_volume=" + volume}
	}
	r.variables = settings("100")
	injectAt(t, world, everyFault(acctest.Start)...)
	expectDiagnosed(t, r.fail(t, "apply", "-auto-approve", wide), "may have started", "Code: FailedOperation.NotAllowed")
	for _, task := range world.mock.Alive() {
		world.mock.Finish(task.ID)
	}
	r.succeed(t, "apply", "-auto-approve", wide)

	injectAt(t, world, everyFault(acctest.Describe)...)
	expectDiagnosed(t, r.fail(t, "plan", wide), "Could not read", "Code: FailedOperation.NotAllowed", "redirect")
	r.variables = settings("50")
	injectAt(t, world, everyFault(acctest.Update)...)
	expectDiagnosed(t, r.fail(t, "apply", "-auto-approve", "-refresh=false", wide), "Could not update", "Code: FailedOperation.NotAllowed", "redirect")
	injectAt(t, world, everyFault(acctest.Stop)...)
	expectDiagnosed(t, r.fail(t, "destroy", "-auto-approve", "-refresh=false", wide), "Could not stop", "Code: FailedOperation.NotAllowed", "redirect")

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

// expectDiagnosed fails if there were no diagnostics to search.
func expectDiagnosed(t *testing.T, printed string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(printed, text) {
			t.Errorf("the output lacks %q:\n%s", text, printed)
		}
	}
}
