package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/conformance"
	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

const acceptanceAddress = "trtc_stream_ingest.live"

// addSweeper adds the sweeper of tasks that an acceptance test or a run of the
// command has left. The sweeper finds tasks in the start journal: the API cannot
// list tasks.
func addSweeper() {
	resource.AddTestSweepers("trtc_stream_ingest", &resource.Sweeper{
		Name: "trtc_stream_ingest",
		F:    func(string) error { return sweep(context.Background(), realProgram(os.Stdout)) },
	})
}

// connect returns the configuration of the environment variables.
func connect(ctx context.Context, p program) (conformance.Config, error) {
	set, problems := p.settings()
	if len(problems) > 0 {
		return conformance.Config{}, errors.Join(problems...)
	}
	return p.configure(ctx, set)
}

func sweep(ctx context.Context, p program) error {
	config, err := connect(ctx, p)
	if err != nil {
		return err
	}
	run := conformance.New(config)
	if err := run.Recover(ctx); err != nil {
		return err
	}
	if run.Uncertain() {
		return errors.New("a task may still be running")
	}
	return nil
}

func realProgram(out io.Writer) program {
	return program{lookupEnv: os.LookupEnv, homeDir: os.UserHomeDir, clock: clock.System(), stdout: out}
}

// TestAccLive runs the life cycle against the real service. It costs a few task
// minutes, and needs TF_ACC=1 and the variables of make live with
// TRTC_LIVE_TIER=1.
func TestAccLive(t *testing.T) {
	if os.Getenv("TF_ACC") == "" || os.Getenv("TRTC_LIVE_TIER") != "1" {
		t.Skip("needs TF_ACC=1 and TRTC_LIVE_TIER=1")
	}
	lifeCycle(t, realProgram(t.Output()), false)
}

// TestAccLifeCycle runs the life cycle against the mock.
func TestAccLifeCycle(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true, nil)
	p := w.program(t, t.Output())
	lifeCycle(t, p, true)
	w.expectNoTask(t)
	if len(w.mock.Tasks()) != 1 {
		t.Errorf("%d tasks were started, want 1", len(w.mock.Tasks()))
	}
	if err := sweep(t.Context(), p); err != nil {
		t.Error(err)
	}
}

// lifeCycle creates a stream, checks that the next plan is empty, updates,
// pauses, imports and destroys it.
func lifeCycle(t *testing.T, p program, isUnitTest bool) {
	t.Helper()
	config, err := connect(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	name := "tf-live-acceptance-" + conformance.NewLabel()
	repeat, minutes := int64(-1), int64(acceptanceMinutes)
	start := journal.Start{
		Key:    journal.Key{Service: config.Endpoint.Identity(), SdkAppID: config.App.ID, RoomID: name, UserID: name},
		Region: config.Region, Arguments: journal.Arguments{RepeatNum: &repeat, MaxDuration: &minutes},
	}
	entry, _, err := config.Journal.Begin(start)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = entry.Close() })
	client := trtcclient.New(trtcclient.Config{Endpoint: config.Endpoint, Credentials: config.Credentials})
	taskID := ""
	record := func(state *terraform.State) error {
		if taskID != "" {
			return nil
		}
		taskID = state.RootModule().Resources[acceptanceAddress].Primary.Attributes["task_id"]
		return entry.Started(taskID)
	}
	block := func(arguments string) string {
		return fmt.Sprintf(`resource "trtc_stream_ingest" "live" {
  region = %q
  sdk_app_id = %d
  room_id_type = 0
  room_id = %q
  user_id = %q
  stream_url = %q
  repeat_num = -1
  max_duration = %d
  %s
}
`, config.Region, config.App.ID, name, name, config.StreamURL.Reveal(), minutes, arguments)
	}
	step := func(arguments string, action plancheck.ResourceActionType, attribute string, want knownvalue.Check) resource.TestStep {
		return resource.TestStep{
			Config: block(arguments),
			Check:  record,
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(acceptanceAddress, action)},
				PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			},
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(acceptanceAddress, tfjsonpath.New(attribute), want)},
		}
	}
	resource.Test(t, resource.TestCase{
		IsUnitTest: isUnitTest,
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"trtc": providerserver.NewProtocol6WithError(provider.New(provider.Options{LookupEnv: p.lookupEnv, HomeDir: p.homeDir})()),
		},
		Steps: []resource.TestStep{
			step("", plancheck.ResourceActionCreate, "status", knownvalue.StringExact("InProgress")),
			step("volume = 40", plancheck.ResourceActionUpdate, "volume", knownvalue.Int64Exact(40)),
			step("volume = 40\n  paused = true", plancheck.ResourceActionUpdate, "paused", knownvalue.Bool(true)),
			{
				ResourceName: acceptanceAddress, ImportState: true,
				ImportStateIdFunc: func(*terraform.State) (string, error) {
					return config.Region + "/" + strconv.FormatInt(config.App.ID, 10) + "/" + taskID, nil
				},
				ImportStateCheck: func(states []*terraform.InstanceState) error {
					if len(states) != 1 || states[0].Attributes["status"] != "InProgress" || states[0].Attributes["task_id"] != taskID {
						return fmt.Errorf("the import returned %v", states)
					}
					return nil
				},
			},
		},
		CheckDestroy: func(*terraform.State) error {
			status, err := client.Describe(t.Context(), trtcclient.Task{Region: config.Region, SdkAppID: config.App.ID, TaskID: taskID})
			switch {
			case err != nil:
				return err
			case status != trtcclient.NotExist:
				return fmt.Errorf("the task is %s after the destroy", status)
			}
			return errors.Join(entry.Close(), config.Journal.Remove(journal.Record{
				File: entry.File(), State: journal.Started, Start: start, TaskID: taskID,
			}))
		},
	})
}
