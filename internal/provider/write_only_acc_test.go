package provider_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccWriteOnly: tickets from variables that nothing stores start the task,
// their rotation does nothing, and a replacement uses the new one.
func TestAccWriteOnly(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.WriteOnly)
	world := acctest.NewWorld(t, func(options *trtcmock.Options) {
		options.PrivilegedApps = map[uint64]bool{acctest.SdkAppID: true}
	})
	config := func(userSig string, changes acctest.Arguments) string {
		return fmt.Sprintf("variable \"ticket\" {\n  ephemeral = true\n  default = %q\n}\n", userSig) +
			world.Config(t, merge(acctest.Arguments{
				"user_sig": "", "user_sig_wo": "var.ticket",
				"private_map_key_wo": fmt.Sprintf("%q", world.PrivateMapKey(t, acctest.UserID, 1001)),
			}, changes))
	}
	nothingStored := map[string]knownvalue.Check{
		"user_sig": knownvalue.Null(), "user_sig_wo": knownvalue.Null(),
		"private_map_key": knownvalue.Null(), "private_map_key_wo": knownvalue.Null(),
	}
	world.Run(t,
		world.Step(t, acctest.Apply{
			Config: config(world.UserSig(t, acctest.UserID), nil),
			Action: plancheck.ResourceActionCreate,
			Calls:  []string{acctest.Start},
			State:  nothingStored,
		}),
		world.Step(t, acctest.Apply{
			Config: config("rotated", nil),
			Action: plancheck.ResourceActionNoop,
			Plan:   []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			State:  nothingStored,
		}),
		world.Step(t, acctest.Apply{
			Config: config(world.UserSig(t, acctest.UserID), acctest.Arguments{"auto_push": "true"}),
			Action: plancheck.ResourceActionDestroyBeforeCreate,
			Calls:  []string{acctest.Stop, acctest.Start},
			State:  nothingStored,
		}),
	)
}

// TestAccWriteOnlyAfterFailure: the state of a create that failed half way
// holds no ticket, or core would drop it and lose the task.
func TestAccWriteOnlyAfterFailure(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Inject(t, acctest.Answer(acctest.Update, "UnauthorizedOperation"))
	session := world.Session(t)
	_, said := session.ApplyConfig(t.Context(), world.Values(t, tfcore.Values{
		"paused": true, "user_sig": nil, "user_sig_wo": world.UserSig(t, acctest.UserID),
	}))
	acctest.ExpectError(t, said, "", "UnauthorizedOperation")
	acctest.ExpectAttributes(t, session, tfcore.Values{"task_id": world.Mock.Alive()[0].ID, "user_sig_wo": nil})
}

// TestAccTicketsSent: each ticket reaches the start, from either argument.
func TestAccTicketsSent(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	userSig, key := world.UserSig(t, acctest.UserID), world.PrivateMapKey(t, acctest.UserID, 1001)
	for name, tickets := range map[string]tfcore.Values{
		"stored":     {"user_sig": userSig, "private_map_key": key},
		"write-only": {"user_sig": nil, "user_sig_wo": userSig, "private_map_key_wo": key},
		"mixed":      {"user_sig": userSig, "private_map_key_wo": key},
	} {
		session := world.Session(t)
		acctest.ExpectApply(t, session, world.Values(t, tickets), tfcore.Create)
		sent := world.LastCall(t, acctest.Start).Parameters
		if !slices.Contains(sent, "UserSig") || !slices.Contains(sent, "PrivateMapKey") {
			t.Errorf("%s: sent %v", name, sent)
		}
		if said := session.Destroy(t.Context()); said.HasErrors() {
			t.Fatal(said)
		}
	}
}
