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

// stopActionType is the type of the action.
const stopActionType = "trtc_stream_ingest_stop"

// orphan returns the action's configuration for an orphaned task, with changes.
func orphan(taskID string, changes tfcore.Values) tfcore.Values {
	return tfcore.Values{"sdk_app_id": acctest.SdkAppID, "task_id": taskID}.With(changes)
}

// stop invokes the action with a changed provider configuration.
func stop(t *testing.T, world *acctest.World, provider, config tfcore.Values) ([]string, tfcore.Diagnostics) {
	t.Helper()
	return world.Provider(t, provider).Invoke(t.Context(), stopActionType, config)
}

func expectProgress(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("progress = %q, want %q", got, want)
	}
}

// TestStopAction checks one Stop and one Describe, in the action's region or
// the provider's, and that other tasks are not stopped.
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
			progress, diags := stop(t, world, test.provider, orphan(taskID, test.config))
			acctest.ExpectSilence(t, diags)
			expectProgress(t, progress, "Stopping task "+taskID+" of application 1400000001", "Task "+taskID+" is gone")
			world.ExpectJournal(t, acctest.Stop, acctest.Describe)
			if alive := world.Mock.Alive(); len(alive) != 1 || alive[0].RoomID != "1002" {
				t.Errorf("running: %v, want the task of room 1002 only", alive)
			}
		})
	}
}

// TestStopActionOfEndedTask checks that a warning says that there was nothing to
// stop: the task may be running under another application, region or task ID.
func TestStopActionOfEndedTask(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	taskID := running(t, world)
	world.FinishAll()
	progress, diags := stop(t, world, nil, orphan(taskID, nil))
	acctest.ExpectSuccess(t, diags)
	acctest.ExpectWarning(t, diags, "nothing to stop")
	expectProgress(t, progress, "Stopping task "+taskID+" of application 1400000001")
	world.ExpectJournal(t, acctest.Stop+":FailedOperation.TaskFinished", acctest.Describe)
}

// TestStopActionTimesOut checks that a task that does not end is an error.
func TestStopActionTimesOut(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.Linger = time.Hour })
	taskID := running(t, world)
	began := world.Clock.Now()
	progress, diags := stop(t, world, nil, orphan(taskID, nil))
	acctest.ExpectError(t, diags, "", "still running", taskID, "Run the action again")
	if len(diags.Mentioning("timeouts.")) > 0 {
		t.Errorf("diagnostics: %s, though an action has no timeouts", diags)
	}
	expectProgress(t, progress, "Stopping task "+taskID+" of application 1400000001")
	if took := world.Clock.Now().Sub(began); took < 110*time.Second || took > 130*time.Second {
		t.Errorf("waited for %s, want 2 minutes", took)
	}
}

// TestStopActionRefused checks that a refused call is reported on its argument
// with the support details, and leaves the task running.
func TestStopActionRefused(t *testing.T) {
	t.Parallel()
	for code, attribute := range map[string]string{"UnauthorizedOperation": "", "InvalidParameter.TaskId": "task_id"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			taskID := running(t, world)
			world.Inject(t, acctest.RejectAll(acctest.Stop, code))
			progress, diags := stop(t, world, nil, orphan(taskID, nil))
			acctest.ExpectError(t, diags, attribute, "Could not stop the stream ingest "+taskID+" of application 1400000001",
				"Code: "+code, "Action: "+acctest.Stop, "RequestId: "+world.LastCall(t, acctest.Stop).RequestID)
			expectProgress(t, progress, "Stopping task "+taskID+" of application 1400000001")
			world.ExpectJournal(t, acctest.Stop+":"+code)
			world.ExpectRunning(t, 1)
		})
	}
}

// TestStopAction_Invalid checks that nothing is called with invalid arguments. The
// plan reports those that were unknown during validation as errors, and a region
// that the environment makes invalid as a warning: terraform destroy plans actions
// as well.
func TestStopAction_Invalid(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		provider, config   tfcore.Values
		attribute, mention string
		// planned is true if the plan has the error, and warned if it warns.
		planned, warned bool
	}{
		"application 0":              {nil, tfcore.Values{"sdk_app_id": 0}, "sdk_app_id", "4294967295", true, false},
		"empty task ID":              {nil, tfcore.Values{"task_id": ""}, "task_id", "", true, false},
		"region form":                {nil, tfcore.Values{"region": "Singapore"}, "region", "ap-singapore", true, false},
		"default region not known":   {tfcore.Values{"region": tfcore.Unknown}, nil, "region", "not known yet", false, false},
		"no region anywhere":         {tfcore.Values{"region": nil}, nil, "region", "TENCENTCLOUD_REGION", false, true},
		"region unknown to the site": {nil, tfcore.Values{"region": "ap-nowhere"}, "region", "ap-bangkok", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Offline(t)
			diags := world.Provider(t, test.provider).PlanAction(t.Context(), stopActionType, orphan("a-task", test.config))
			switch {
			case test.planned:
				acctest.ExpectError(t, diags, test.attribute, test.mention)
			case test.warned:
				acctest.ExpectSuccess(t, diags)
				acctest.ExpectWarning(t, diags.On(test.attribute), test.mention)
			default:
				acctest.ExpectSilence(t, diags)
			}
			progress, diags := stop(t, world, test.provider, orphan("a-task", test.config))
			acctest.ExpectError(t, diags.Errors(), test.attribute, test.mention)
			expectProgress(t, progress)
		})
	}
	unknown := tfcore.Values{"region": tfcore.Unknown, "sdk_app_id": tfcore.Unknown, "task_id": tfcore.Unknown}
	acctest.ExpectSilence(t, acctest.NewWorld(t).Provider(t, nil).PlanAction(t.Context(), stopActionType, unknown))
}

// orphanOnCLI returns a CLI with an action for an orphaned task. It skips the
// test if the CLI does not support actions.
func orphanOnCLI(t *testing.T, world *acctest.World, further string) (cli *acctest.CLI, taskID string) {
	t.Helper()
	acctest.Needs(t, features.Actions)
	cli, taskID = world.CLI(t), running(t, world)
	cli.Write(t, "main.tf", world.ProviderBlock()+further+fmt.Sprintf(`
action "trtc_stream_ingest_stop" "orphan" {
  config {
    sdk_app_id = %d
    task_id    = %q
  }
}
`, acctest.SdkAppID, taskID))
	return cli, taskID
}

// TestAccStopAction invokes the action with the CLI, and checks the progress
// messages and the empty state.
func TestAccStopAction(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	cli, taskID := orphanOnCLI(t, world, "")
	output := cli.MustRun(t, "apply", "-auto-approve", "-no-color", "-invoke=action."+stopActionType+".orphan").Stdout
	for _, progress := range []string{"Stopping task " + taskID, "Task " + taskID + " is gone"} {
		if !strings.Contains(output, progress) {
			t.Errorf("the CLI does not say %q: %s", progress, output)
		}
	}
	world.ExpectJournal(t, acctest.Stop, acctest.Describe)
	cli.MustRun(t, "apply", "-auto-approve")
	world.ExpectJournal(t)
}

// TestAccStopActionRefused checks that a refused stop fails the command with an
// explanation.
func TestAccStopActionRefused(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	cli, _ := orphanOnCLI(t, world, "")
	world.Inject(t, acctest.RejectNext(acctest.Stop, "UnauthorizedOperation"))
	output := cli.Run(t, "apply", "-auto-approve", "-no-color", "-invoke=action."+stopActionType+".orphan")
	if output.ExitCode != 1 || !strings.Contains(output.Stderr, "Code: UnauthorizedOperation") {
		t.Errorf("exit code %d, output %s", output.ExitCode, output.Stderr)
	}
	world.ExpectJournal(t, acctest.Stop+":UnauthorizedOperation")
}

// TestAccStopActionTriggered checks that the lifecycle of another resource
// triggers the action once.
func TestAccStopActionTriggered(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	cli, _ := orphanOnCLI(t, world, `
resource "terraform_data" "moved_elsewhere" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.trtc_stream_ingest_stop.orphan]
    }
  }
}
`)
	cli.MustRun(t, "plan")
	world.ExpectJournal(t)
	cli.MustRun(t, "apply", "-auto-approve")
	world.ExpectJournal(t, acctest.Stop, acctest.Describe)
	if output := cli.Run(t, "plan", "-detailed-exitcode", "-no-color"); output.ExitCode != 0 {
		t.Errorf("the plan after it is not empty: %s", output.Stdout)
	}
	cli.MustRun(t, "destroy", "-auto-approve")
	world.ExpectJournal(t)
}
