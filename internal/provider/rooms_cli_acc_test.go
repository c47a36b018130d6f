package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccManyRooms: of many rooms, by count and by for_each, only the one that
// changed is touched.
func TestAccManyRooms(t *testing.T) {
	t.Parallel()
	const rooms = 50
	// On a clock that sleeping moves, what runs in parallel bunches up.
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.RequestsPerSecond = -1 })
	cli := world.CLI(t)
	// One ticket for both configurations: time goes on between them.
	ticket := fmt.Sprintf("%q", world.UserSig(t, acctest.UserID))
	config := func(rooms int, volume string) string {
		byKey := acctest.Arguments{
			"for_each": fmt.Sprintf("toset([for n in range(%d) : tostring(5000 + n)])", rooms), "room_id": "each.value",
			"volume": volume, "user_sig": ticket,
		}
		byIndex := acctest.Arguments{"count": fmt.Sprint(rooms), "room_id": `"${6000 + count.index}"`, "user_sig": ticket}
		return world.ProviderBlock() + acctest.StreamIngestBlock("keyed", world.StreamIngestArguments(t, byKey)) +
			acctest.StreamIngestBlock("counted", world.StreamIngestArguments(t, byIndex))
	}
	expect := func(want map[string]int) {
		t.Helper()
		got := map[string]int{}
		for _, call := range world.Calls() {
			got[call]++
		}
		for call := range got {
			if got[call] != want[call] {
				t.Errorf("%d times %s, want %d", got[call], call, want[call])
			}
		}
		for call := range want {
			if got[call] == 0 {
				t.Errorf("no %s, want %d", call, want[call])
			}
		}
		world.Mock.ResetJournal()
	}

	cli.Write(t, "main.tf", config(rooms, "100"))
	cli.MustRun(t, "apply", "-auto-approve")
	expect(map[string]int{acctest.Start: 2 * rooms, acctest.Describe: 2 * rooms})

	cli.Write(t, "main.tf", config(rooms-1, `each.value == "5007" ? 1 : 100`))
	said := cli.MustRun(t, "apply", "-auto-approve", "-no-color").Stdout
	// Each task is refreshed, and the two that end are looked at once more.
	expect(map[string]int{acctest.Describe: 2*rooms + 2, acctest.Update: 1, acctest.Stop: 2})
	if !strings.Contains(said, "0 added, 1 changed, 2 destroyed") {
		t.Error("other rooms were touched")
	}
	if alive := world.Mock.Alive(); len(alive) != 2*(rooms-1) {
		t.Errorf("%d tasks run, want %d", len(alive), 2*(rooms-1))
	}
}
