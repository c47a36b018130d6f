package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
)

// TestAccEndRecreate: a task that ended leaves the state, so the next plan
// starts a new one.
func TestAccEndRecreate(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	apply := acctest.Apply{
		Config: world.Config(t, nil),
		Action: plancheck.ResourceActionCreate,
		Calls:  []string{acctest.Start},
		State:  map[string]knownvalue.Check{"status": acctest.Text("InProgress")},
	}
	again := apply
	again.Before = world.FinishAll
	again.Plan = []plancheck.PlanCheck{plancheck.ExpectUnknownValue(acctest.Address, tfjsonpath.New("task_id"))}
	world.Run(t, world.Step(t, apply), world.Step(t, again))
}

// TestAccEndKeep: a task that ended stays, quietly, until a change that would
// have to be sent to it replaces it.
func TestAccEndKeep(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change acctest.Arguments
		action plancheck.ResourceActionType
		calls  []string
		status string
	}{
		"volume":      {acctest.Arguments{"volume": "20"}, plancheck.ResourceActionDestroyBeforeCreate, restarted(), "InProgress"},
		"recreate":    {acctest.Arguments{"on_task_end": `"recreate"`}, plancheck.ResourceActionDestroyBeforeCreate, restarted(), "InProgress"},
		"ticket only": {acctest.Arguments{"user_sig": `"another"`}, plancheck.ResourceActionUpdate, nil, "NotExist"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			keep := acctest.Arguments{"on_task_end": `"keep"`}
			world.Run(t,
				world.Step(t, acctest.Apply{
					Config: world.Config(t, keep),
					Action: plancheck.ResourceActionCreate,
					Calls:  []string{acctest.Start},
				}),
				world.Step(t, acctest.Apply{
					Before: world.FinishAll,
					Config: world.Config(t, keep),
					Action: plancheck.ResourceActionNoop,
					Plan:   []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
					State:  map[string]knownvalue.Check{"on_task_end": acctest.Text("keep")},
				}),
				resource.TestStep{RefreshState: true},
				world.Step(t, acctest.Apply{
					Config: world.Config(t, merge(keep, test.change)),
					Action: test.action,
					Calls:  test.calls,
					State:  map[string]knownvalue.Check{"status": acctest.Text(test.status)},
				}),
			)
		})
	}
}

// restarted are the changing calls of a replacement of a task that ended.
func restarted() []string {
	return []string{acctest.Stop + ":FailedOperation.TaskFinished", acctest.Start}
}

func merge(all ...acctest.Arguments) acctest.Arguments {
	merged := acctest.Arguments{}
	for _, arguments := range all {
		for name, value := range arguments {
			merged[name] = value
		}
	}
	return merged
}
