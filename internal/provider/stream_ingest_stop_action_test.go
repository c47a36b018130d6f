package provider_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// stopAction is the type of the action under test.
const stopAction = "trtc_stream_ingest_stop"

// stray is the action's configuration for a task that no state has, with the
// changes made.
func stray(taskID string, changes tfcore.Values) tfcore.Values {
	return tfcore.Values{"sdk_app_id": acctest.SdkAppID, "task_id": taskID}.With(changes)
}

// stop invokes the action below a provider with the changes made.
func stop(t *testing.T, world *acctest.World, provider, config tfcore.Values) ([]string, tfcore.Diagnostics) {
	t.Helper()
	return world.Provider(t, provider).Invoke(t.Context(), stopAction, config)
}

func expectProgress(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("progress = %q, want %q", got, want)
	}
}

// TestStopAction: one stop and one look, in the action's region or the
// provider's, and nobody else's task is touched.
func TestStopAction(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ provider, config tfcore.Values }{
		"provider's region": {nil, nil},
		"its own region":    {tfcore.Values{"region": "ap-mumbai"}, tfcore.Values{"region": acctest.Region}},
		"no default region": {tfcore.Values{"region": nil}, tfcore.Values{"region": acctest.Region}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.RegionBound = true })
			taskID := running(t, world)
			world.Created(t, world.Values(t, tfcore.Values{"room_id": "1002"}))
			told, said := stop(t, world, test.provider, stray(taskID, test.config))
			if len(said) > 0 {
				t.Error(said)
			}
			expectProgress(t, told, "Stopping task "+taskID+" of application 1400000001", "Task "+taskID+" is gone")
			world.ExpectJournal(t, acctest.Stop, acctest.Describe)
			if alive := world.Mock.Alive(); len(alive) != 1 || alive[0].RoomID != "1002" {
				t.Errorf("running: %v, want the task of room 1002 only", alive)
			}
		})
	}
}

// TestStopActionMeetsGone: when there was nothing to stop, a warning says so:
// the task may be running under another application, region or task ID.
func TestStopActionMeetsGone(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"FailedOperation.TaskFinished", "FailedOperation.TaskNotExist"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			taskID := running(t, world)
			world.FinishAll()
			world.Inject(t, acctest.Answer(acctest.Stop, code))
			told, said := stop(t, world, nil, stray(taskID, nil))
			acctest.ExpectWarning(t, said, "nothing to stop")
			if said.HasErrors() || len(told) != 1 {
				t.Errorf("told %q, said %s", told, said)
			}
			world.ExpectJournal(t, acctest.Stop+":"+code, acctest.Describe)
		})
	}
}

// TestStopActionWaits: the stop is sent once, and the action is over when
// the service says that the task is gone.
func TestStopActionWaits(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.Linger = 2 * time.Second })
	if _, said := stop(t, world, nil, stray(running(t, world), nil)); len(said) > 0 {
		t.Error(said)
	}
	// Looked at after 0, 1 and 3 seconds.
	world.ExpectJournal(t, acctest.Stop, acctest.Describe, acctest.Describe, acctest.Describe)
	if alive := world.Mock.Alive(); len(alive) > 0 {
		t.Errorf("still running: %v", alive)
	}
}

// TestStopActionTimesOut: a task that does not end is not called gone.
func TestStopActionTimesOut(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.Linger = time.Hour })
	taskID := running(t, world)
	began := world.Clock.Now()
	told, said := stop(t, world, nil, stray(taskID, nil))
	acctest.ExpectError(t, said, "", "still running", taskID, "Run the action again")
	if len(said.Mentioning("timeouts.")) > 0 {
		t.Errorf("said %s, though an action has no timeouts", said)
	}
	expectProgress(t, told, "Stopping task "+taskID+" of application 1400000001")
	if took := world.Clock.Now().Sub(began); took < 110*time.Second || took > 130*time.Second {
		t.Errorf("waited for %s, want 2 minutes", took)
	}
}

// TestStopActionRefused: a refusal points to the argument it is about, says
// what support needs, and leaves the task running.
func TestStopActionRefused(t *testing.T) {
	t.Parallel()
	for code, attribute := range map[string]string{
		"UnauthorizedOperation":                 "",
		"AuthFailure.TokenFailure":              "",
		"LimitExceeded":                         "",
		"Brand.NewCode":                         "",
		"UnsupportedRegion":                     "region",
		"InvalidParameter.SdkAppId":             "sdk_app_id",
		"MissingParameter.SdkAppId":             "sdk_app_id",
		"FailedOperation.SdkAppIdNotUnderAppId": "sdk_app_id",
		"InvalidParameter.TaskId":               "task_id",
		"MissingParameter.TaskId":               "task_id",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			taskID := running(t, world)
			world.Inject(t, trtcmock.Fault{
				Action: acctest.Stop, Kind: trtcmock.FaultCode, Code: code, Times: -1, Message: "what the service says",
			})
			told, said := stop(t, world, nil, stray(taskID, nil))
			acctest.ExpectError(t, said, attribute, "Could not stop the stream ingest "+taskID+" of application 1400000001",
				"what the service says.", "Code: "+code, "Action: "+acctest.Stop, "RequestId: "+world.LastCall(t, acctest.Stop).RequestID)
			expectProgress(t, told, "Stopping task "+taskID+" of application 1400000001")
			world.ExpectJournal(t, acctest.Stop+":"+code)
			if alive := world.Mock.Alive(); len(alive) != 1 {
				t.Errorf("running: %v, want the task", alive)
			}
		})
	}
}

// TestStopActionInvalid: what can be known before a call is told before it,
// on the argument.
func TestStopActionInvalid(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		provider, config   tfcore.Values
		attribute, mention string
	}{
		"no region anywhere":         {tfcore.Values{"region": nil}, nil, "region", "TENCENTCLOUD_REGION"},
		"default region not known":   {tfcore.Values{"region": tfcore.Unknown}, nil, "region", "not known yet"},
		"empty region":               {nil, tfcore.Values{"region": ""}, "region", "region"},
		"region unknown to the site": {tfcore.Values{"endpoint": nil}, tfcore.Values{"region": "ap-nowhere"}, "region", "ap-bangkok"},
		"application 0":              {nil, tfcore.Values{"sdk_app_id": 0}, "sdk_app_id", "4294967295"},
		"application too large":      {nil, tfcore.Values{"sdk_app_id": 4294967296}, "sdk_app_id", "4294967295"},
		"empty task ID":              {nil, tfcore.Values{"task_id": ""}, "task_id", "at least 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Options.Transport = offline{t}
			told, said := stop(t, world, test.provider, stray("a-task", test.config))
			acctest.ExpectError(t, said, test.attribute, test.mention)
			expectProgress(t, told)
		})
	}
}

// strayOnCLI is a command line with an action for a task that no state has. It
// skips the test where there are no actions.
func strayOnCLI(t *testing.T, world *acctest.World, further string) (cli *acctest.CLI, taskID string) {
	t.Helper()
	acctest.Needs(t, features.Actions)
	cli, taskID = world.CLI(t), running(t, world)
	cli.Write(t, "main.tf", world.ProviderBlock()+further+fmt.Sprintf(`
action "trtc_stream_ingest_stop" "stray" {
  config {
    sdk_app_id = %d
    task_id    = %q
  }
}
`, acctest.SdkAppID, taskID))
	return cli, taskID
}

// TestAccStopAction: a user invokes the action, sees what it does, and
// nothing comes into the state.
func TestAccStopAction(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	cli, taskID := strayOnCLI(t, world, "")
	said := cli.MustRun(t, "apply", "-auto-approve", "-no-color", "-invoke=action."+stopAction+".stray").Stdout
	for _, told := range []string{"Stopping task " + taskID, "Task " + taskID + " is gone"} {
		if !strings.Contains(said, told) {
			t.Errorf("the CLI does not say %q: %s", told, said)
		}
	}
	world.ExpectJournal(t, acctest.Stop, acctest.Describe)
	cli.MustRun(t, "apply", "-auto-approve")
	world.ExpectJournal(t)
}

// TestAccStopActionRefused: a user sees why nothing was stopped, and the
// command fails.
func TestAccStopActionRefused(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	cli, _ := strayOnCLI(t, world, "")
	world.Inject(t, acctest.Answer(acctest.Stop, "UnauthorizedOperation"))
	said := cli.Run(t, "apply", "-auto-approve", "-no-color", "-invoke=action."+stopAction+".stray")
	if said.ExitCode != 1 || !strings.Contains(said.Stderr, "Code: UnauthorizedOperation") {
		t.Errorf("exit code %d, said %s", said.ExitCode, said.Stderr)
	}
	world.ExpectJournal(t, acctest.Stop+":UnauthorizedOperation")
}

// TestAccStopActionTriggered: another resource's life invokes the action, once.
func TestAccStopActionTriggered(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	cli, _ := strayOnCLI(t, world, `
resource "terraform_data" "moved_elsewhere" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.trtc_stream_ingest_stop.stray]
    }
  }
}
`)
	cli.MustRun(t, "plan")
	world.ExpectJournal(t)
	cli.MustRun(t, "apply", "-auto-approve")
	world.ExpectJournal(t, acctest.Stop, acctest.Describe)
	if said := cli.Run(t, "plan", "-detailed-exitcode", "-no-color"); said.ExitCode != 0 {
		t.Errorf("the plan after it is not empty: %s", said.Stdout)
	}
	cli.MustRun(t, "destroy", "-auto-approve")
	world.ExpectJournal(t)
}
