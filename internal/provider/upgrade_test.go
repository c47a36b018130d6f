package provider_test

import (
	"cmp"
	"os"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// TestAccUpgrade checks that a configuration of version 0.1 and the state that it
// wrote, without the attributes of later versions, plan empty and without
// warnings about cost, and that later changes are made in place.
func TestAccUpgrade(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.WriteOnly)
	world := acctest.NewWorld(t)
	host := cmp.Or(os.Getenv("TF_ACC_PROVIDER_HOST"), "registry.terraform.io")
	userSig := world.UserSig(t, acctest.UserID)
	ids := []string{"registry.terraform.io", host, "USER_SIG", userSig}
	for name, values := range map[string]tfcore.Values{
		"TASK_OF_TEST": nil,
		"TASK_OF_ALL":  {"user_id": "robot-2", "user_sig": world.UserSig(t, "robot-2")},
	} {
		taskID, _ := world.Created(t, world.Values(t, values)).State()["task_id"].(string)
		ids = append(ids, name, taskID)
	}
	state, err := os.ReadFile("testdata/state_0.1.json")
	if err != nil {
		t.Fatal(err)
	}
	cli := world.CLI(t)
	cli.Write(t, "terraform.tfstate", strings.NewReplacer(ids...).Replace(string(state)))
	all := acctest.StreamIngestBlock("all", acctest.Arguments{
		"region": `"ap-mumbai"`, "sdk_app_id": "1400000001", "room_id": `"main hall"`, "room_id_type": "0", "user_id": `"robot-2"`,
		"user_sig_wo": `"` + world.UserSig(t, "robot-2") + `"`, "private_map_key_wo": `"KEY"`,
		"stream_url_wo": `"https://example.com/live.flv?sign=x"`, "stream_url_wo_version": "3",
		"seek_second": "5", "auto_push": "true", "repeat_num": "-1", "max_duration": "60", "volume": "20", "paused": "true",
		"on_task_end": `"keep"`, "timeouts": `{ create = "3m" }`,
	})
	write := func(volume string) {
		t.Helper()
		cli.Write(t, "main.tf", world.ProviderBlock()+all+world.StreamIngest(t, acctest.Arguments{"user_sig": `"` + userSig + `"`, "volume": volume}))
	}
	write("100")
	world.Mock.ResetJournal()
	if output := cli.MustRun(t, "plan", "-detailed-exitcode").Text(); strings.Contains(output, "Paused tasks") {
		t.Errorf("a warning about cost: %s", output)
	}
	world.ExpectJournal(t, acctest.Describe, acctest.Describe)

	write("40")
	cli.MustRun(t, "apply")
	world.ExpectChanges(t, acctest.Update)
	for _, added := range []string{"tempo", "enable_progress", "idle_timeout", "started_at", "ends_at", "mint_private_map_key", "stream_check"} {
		if value, exists := cli.StateOf(t, acctest.Address)[added]; value != nil || !exists {
			t.Errorf("%s = %v (%v) in the state, want null", added, value, exists)
		}
	}
}
