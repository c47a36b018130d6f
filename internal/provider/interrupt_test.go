//go:build !windows

package provider_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// The CLI's messages after the first and the second Ctrl-C.
const (
	stopping = "Interrupt received"
	leaving  = "Two interrupts received"
)

// TestAccInterrupt checks that Ctrl-C at any moment leaves no task outside of
// state, and that the next command continues.
func TestAccInterrupt(t *testing.T) {
	t.Parallel()
	installed := acctest.InstalledCLI(t)
	const create, update, destroy = "apply", "apply", "destroy -refresh=false"
	pause, louder := acctest.Arguments{"paused": "true"}, acctest.Arguments{"volume": "30"}
	for name, test := range map[string]struct {
		command string
		at      moment
		// running is true if the command changes or destroys a running task.
		running bool
		change  acctest.Arguments
		// heard is true when the provider abandons the call because of the
		// interrupt. The CLI lets a refresh finish.
		heard bool
	}{
		"create, the start on its way":       {create, moment{acctest.Start, false}, false, nil, false},
		"create, the response on its way":    {create, moment{acctest.Start, true}, false, nil, false},
		"create, during the confirmation":    {create, moment{acctest.Describe, true}, false, nil, true},
		"create, before the pause":           {create, moment{acctest.Update, false}, false, pause, true},
		"update, during the refresh":         {update, moment{acctest.Describe, true}, true, louder, false},
		"update, after it ran":               {update, moment{acctest.Update, true}, true, louder, true},
		"destroy, after the stop":            {destroy, moment{acctest.Stop, true}, true, nil, true},
		"destroy, while the stop is awaited": {destroy, moment{acctest.Describe, true}, true, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, installed, test.at, func(options *trtcmock.Options) { options.Linger = time.Second })
			if test.running {
				r.gate.held.Store(r.gate.calls) // It holds nothing.
				r.write(t, r.Config(t, nil))
				r.MustRun(t, "apply")
				r.gate.held.Store(0)
			}
			r.write(t, r.Config(t, test.change))
			interrupted := r.start(t, strings.Fields(test.command)...)
			interrupted.await(t, "the call", r.gate.reached)
			interrupted.signal(t, theGroup, syscall.SIGINT)
			interrupted.awaitText(t, stopping)
			if test.heard {
				eventually(t, "the end of the call", r.gate.gone)
			}
			r.gate.open()
			eventually(t, "the response", r.gate.done)
			<-interrupted.ended

			tasks, held := r.Mock.Tasks(), r.heldByState(t)
			if len(tasks) != 1 || len(held) != 1 || held[0] != tasks[0].ID {
				t.Fatalf("started: %v, in state: %v, want one task; the output: %s", tasks, held, interrupted.output)
			}
			r.write(t, r.ProviderBlock())
			r.MustRun(t, "apply")
			if held, alive := r.heldByState(t), r.Mock.Alive(); len(held)+len(alive) > 0 {
				t.Errorf("after the destroy the state holds %v, and %v run", held, alive)
			}
		})
	}
}
