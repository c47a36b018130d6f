package provider_test

import (
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
)

// TestAccExampleRestart checks that the pipeline restarts the stream of the task
// that it is given, whether the task is in progress or has ended, and no other.
func TestAccExampleRestart(t *testing.T) {
	t.Parallel()
	stage := newExampleStage(t, "many-rooms")
	stage.apply(t)
	stage.world.ExpectChanges(t, acctest.Start, acctest.Start, acctest.Start)
	lobby := func() string {
		t.Helper()
		for _, task := range stage.world.Mock.Alive() {
			if task.RoomID == "1001" {
				return task.ID
			}
		}
		t.Fatal("no task is in progress in the lobby")
		return ""
	}
	first := lobby()

	restart := func(taskID, says string, calls ...string) {
		t.Helper()
		output, err := stage.script(t, "../restart/restart.sh", "TASK_ID="+taskID)
		if err != nil || !strings.Contains(output, says) {
			t.Errorf("%v, want %q:\n%s", err, says, output)
		}
		stage.world.ExpectChanges(t, calls...)
	}
	const address = `trtc_stream_ingest.room["lobby"]`

	restart("another-task", "Nothing to restart.")
	restart(first, "Restarting "+address, acctest.Stop, acctest.Start)
	restart(first, "Nothing to restart.")
	second := lobby()
	stage.world.Mock.Finish(second)
	restart(second, "Starting "+address+" again", acctest.Start)
	stage.expectAlive(t, 3)

	third := lobby()
	stage.write(t, "keep_override.tf", "resource \"trtc_stream_ingest\" \"room\" {\n  on_task_end = \"keep\"\n}\n")
	stage.apply(t)
	stage.world.Mock.Finish(third)
	restart(third, "Nothing to restart.")

	stage.destroy(t)
	stage.world.Mock.ResetJournal()
	restart(third, "Nothing to restart.")
	stage.expectAlive(t, 0)
}
