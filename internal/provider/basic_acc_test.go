package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
)

func TestAccBasic(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: world.Factories(),
		CheckDestroy:             world.ExpectNothingRuns(t),
		Steps: []resource.TestStep{{
			Config: world.ProviderBlock() + world.StreamIngest(t, nil),
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(acctest.Address, plancheck.ResourceActionCreate),
					plancheck.ExpectUnknownValue(acctest.Address, tfjsonpath.New("task_id")),
					plancheck.ExpectKnownValue(acctest.Address, tfjsonpath.New("region"), knownvalue.StringExact(acctest.Region)),
				},
				PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(acctest.Address, tfjsonpath.New("status"), knownvalue.StringExact("InProgress")),
			},
		}},
	})
}
