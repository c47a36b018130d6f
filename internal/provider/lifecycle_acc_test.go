package provider_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccCommands counts the calls of the everyday commands.
func TestAccCommands(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	cli := world.CLI(t)
	write := func(changes acctest.Arguments) {
		t.Helper()
		cli.Write(t, "main.tf", world.Config(t, changes))
	}
	run := func(command string, calls ...string) {
		t.Helper()
		cli.MustRun(t, strings.Fields(command)...)
		world.ExpectJournal(t, calls...)
	}
	replace := slices.Concat([]string{acctest.Describe}, restart)
	write(nil)
	run("validate")
	run("plan -out=saved")
	run("apply saved", acctest.Start, acctest.Describe)
	run("plan -detailed-exitcode", acctest.Describe)
	write(acctest.Arguments{"volume": "33"})
	run("apply", acctest.Describe, acctest.Update)
	run("apply -replace="+acctest.Address, replace...)
	run("taint " + acctest.Address)
	run("apply", replace...)
	run("destroy", acctest.Describe, acctest.Stop, acctest.Describe)
}

// TestAccGenerateConfig checks that an import block without a resource block
// generates a configuration that adopts the task once it is completed.
func TestAccGenerateConfig(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.ImportBlocks)
	world := acctest.NewWorld(t)
	taskID := running(t, world)
	cli := world.CLI(t)
	block := "import {\n  to = " + acctest.Address + "\n  id = \"ap-singapore/1400000001/" + taskID + "\"\n"
	// Without the provider, Terraform 1.16.0 to 1.16.2 looks for hashicorp/trtc.
	cli.Write(t, "main.tf", world.ProviderBlock()+block+"  provider = trtc\n}\n")
	// Arguments that the API does not return are required, so the plan fails.
	output := cli.Run(t, "plan", "-generate-config-out=generated.tf")
	if output.ExitCode == 0 || !strings.Contains(output.Text(), "room_id") || !strings.Contains(output.Text(), "user_id") {
		t.Errorf("exit code %d, want errors about room_id and user_id: %s", output.ExitCode, output.Text())
	}
	generated := cli.Read(t, "generated.tf")
	for text, want := range map[string]bool{
		"sdk_app_id": true, "1400000001": true, "room_id": true, "user_id": true, "task_id ": false, "status ": false, "  id ": false,
	} {
		if strings.Contains(generated, text) != want {
			t.Errorf("%q is generated: %t, want %t:\n%s", text, !want, want, generated)
		}
	}
	cli.Write(t, "main.tf", world.ProviderBlock()+block+"}\n")
	cli.Write(t, "generated.tf", world.StreamIngest(t, nil))
	world.Mock.ResetJournal()
	cli.MustRun(t, "apply")
	world.ExpectJournal(t, acctest.Describe)
	cli.MustRun(t, "plan", "-detailed-exitcode")
}

// TestAccManyRooms checks that of many rooms, by count and by for_each, only
// the changed one is updated.
func TestAccManyRooms(t *testing.T) {
	t.Parallel()
	const rooms = 50
	// With a clock that sleeps advance, parallel calls come in bursts.
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.RequestsPerSecond = -1 })
	cli := world.CLI(t)
	// One ticket for both configurations, because time passes between them.
	ticket := fmt.Sprintf("%q", world.UserSig(t, acctest.UserID))
	apply := func(rooms int, volume, summary string, want map[string]int) {
		t.Helper()
		byKey := acctest.Arguments{
			"for_each": fmt.Sprintf("toset([for n in range(%d) : tostring(5000 + n)])", rooms), "room_id": "each.value",
			"volume": volume, "user_sig": ticket,
		}
		byIndex := acctest.Arguments{"count": fmt.Sprint(rooms), "room_id": `"${6000 + count.index}"`, "user_sig": ticket}
		cli.Write(t, "main.tf", world.ProviderBlock()+acctest.StreamIngestBlock("keyed", world.StreamIngestArguments(t, byKey))+
			acctest.StreamIngestBlock("counted", world.StreamIngestArguments(t, byIndex)))
		if output := cli.MustRun(t, "apply").Text(); !strings.Contains(output, summary) {
			t.Errorf("want %q: %s", summary, output)
		}
		got := map[string]int{}
		for _, call := range world.Calls() {
			got[call]++
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
		world.Mock.ResetJournal()
	}
	apply(rooms, "100", "100 added, 0 changed, 0 destroyed", map[string]int{acctest.Start: 2 * rooms, acctest.Describe: 2 * rooms})
	// Each task is refreshed, and the two that end are read once more.
	apply(rooms-1, `each.value == "5007" ? 1 : 100`, "0 added, 1 changed, 2 destroyed",
		map[string]int{acctest.Describe: 2*rooms + 2, acctest.Update: 1, acctest.Stop: 2})
	if alive := world.Mock.Alive(); len(alive) != 2*(rooms-1) {
		t.Errorf("%d tasks run, want %d", len(alive), 2*(rooms-1))
	}
}
