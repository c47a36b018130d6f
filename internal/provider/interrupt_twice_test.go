//go:build !windows

package provider_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestInterruptTwice: after a second Ctrl-C the CLI leaves at once, takes no
// answer of the provider any more, and may leave its state file half written.
// A task whose creation was under way may get lost, and that is all: it is one
// task, the state names none that never was, and an import brings it back.
func TestInterruptTwice(t *testing.T) {
	t.Parallel()
	installed := acctest.NewWorld(t).InstalledCLI(t)
	for _, name := range []string{
		"create, the start on its way", "create, the start's answer on its way", "create, during the confirmation",
		"create, during the pause", "update, after it ran", "destroy, after the stop",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test := interruptions()[name]
			r, running := interrupted(t, installed, test)
			running.interrupt(t)
			running.await(t, "it heard the second interrupt", running.said.hears(leaving))
			<-running.ended
			r.gate.passes(false)
			mended := r.mend(t)

			strays := r.strays(t)
			if len(strays) > 0 && !test.first && mended {
				t.Errorf("%v was in the state and no longer is", strays)
			}
			if started := len(r.Mock.Tasks()); started > 1 {
				t.Errorf("%d tasks were started", started)
			}
			for _, id := range r.heldByState(t) {
				if !slices.ContainsFunc(r.Mock.Tasks(), func(task trtcmock.Task) bool { return task.ID == id }) {
					t.Errorf("the state holds %s, which never was", id)
				}
			}
			r.recover(t, strays)
		})
	}
}

// mend does what a user does when the CLI has left in the middle of writing its
// state: the backup has what was there before. It tells whether there was one:
// some CLIs write a state that is the same as before, and make none for it.
func (r *rig) mend(t *testing.T) bool {
	t.Helper()
	path := filepath.Join(r.dir, "terraform.tfstate")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || json.Valid(text) {
		return true
	}
	err = os.Rename(path+".backup", path)
	lost := errors.Is(err, fs.ErrNotExist)
	if lost {
		err = os.Remove(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the CLI left a state that is cut short; without a backup: %t", lost)
	return !lost
}

// recover imports what is lost, and destroys everything.
func (r *rig) recover(t *testing.T, strays []trtcmock.Task) {
	t.Helper()
	r.around(t)
	for _, stray := range strays {
		r.write(t, r.Config(t, acctest.Arguments{"user_sig": `"a ticket"`}))
		r.run(t, "import", "-input=false", acctest.Address, acctest.Region+"/1400000001/"+stray.ID)
	}
	r.write(t, r.ProviderBlock())
	r.run(t, "apply", "-auto-approve", "-input=false")
	if held := r.heldByState(t); len(held) > 0 {
		t.Errorf("after the destroy the state holds %v", held)
	}
}
