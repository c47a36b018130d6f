package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
)

// TestAccMoved: a new name in the configuration touches nothing.
func TestAccMoved(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.Moved)
	world := acctest.NewWorld(t)
	const moved = "moved {\n  from = trtc_stream_ingest.test\n  to = trtc_stream_ingest.renamed\n}\n"
	world.Run(t,
		world.Step(t, acctest.Apply{
			Config: world.Config(t, nil),
			Action: plancheck.ResourceActionCreate,
			Calls:  []string{acctest.Start},
		}),
		resource.TestStep{
			Config: world.ProviderBlock() + moved + acctest.StreamIngestBlock("renamed", world.StreamIngestArguments(t, nil)),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("trtc_stream_ingest.renamed", plancheck.ResourceActionNoop),
			}},
			Check: world.ExpectCalls(t),
		},
	)
}

// TestAccTaint: a tainted task is replaced although nothing changed.
func TestAccTaint(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	apply := acctest.Apply{
		Config: world.Config(t, nil),
		Action: plancheck.ResourceActionCreate,
		Calls:  []string{acctest.Start},
	}
	tainted := apply
	tainted.Action, tainted.Calls = plancheck.ResourceActionDestroyBeforeCreate, []string{acctest.Stop, acctest.Start}
	step := world.Step(t, tainted)
	step.Taint = []string{acctest.Address}
	world.Run(t, world.Step(t, apply), step)
}

// TestAccCount: instances come and go at the end of the list.
func TestAccCount(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := func(count string) string {
		return world.Config(t, acctest.Arguments{"count": count, "room_id": `"${6000 + count.index}"`})
	}
	world.Run(t,
		resource.TestStep{Config: config("3"), Check: world.ExpectCalls(t, acctest.Start, acctest.Start, acctest.Start)},
		resource.TestStep{Config: config("1"), Check: world.ExpectCalls(t, acctest.Stop, acctest.Stop)},
		resource.TestStep{Config: config("2"), Check: world.ExpectCalls(t, acctest.Start)},
	)
}
