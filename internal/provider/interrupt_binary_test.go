//go:build !windows

package provider_test

import (
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// The CLI's words after the first and the second Ctrl-C.
const (
	stopping = "Interrupt received"
	leaving  = "Two interrupts received"
)

// interruption is a command, and where a Ctrl-C hits it.
type interruption struct {
	at moment
	// command is apply or destroy; all but the first apply find a running task.
	command string
	first   bool
	// change is the configuration that is applied.
	change acctest.Arguments
	// faults hit the command.
	faults []trtcmock.Fault
	// tasks is how many must be in the state in the end.
	tasks int
	// heard tells that the provider hears of the interrupt while the call is on
	// its way, and gives the call up.
	heard bool
}

func interruptions() map[string]interruption {
	create := interruption{command: "apply", first: true, tasks: 1}
	at := func(base interruption, action string, ran bool) interruption {
		base.at = moment{action: action, ran: ran}
		base.heard = action != acctest.Start
		return base
	}
	waiting, paused, update, stop := create, create, create, create
	waiting.tasks, waiting.faults = 0, []trtcmock.Fault{acctest.AnswerAlways(acctest.Start, "RequestLimitExceeded")}
	paused.change = acctest.Arguments{"paused": "true"}
	update.first, update.change = false, acctest.Arguments{"volume": "30"}
	stop.first, stop.command = false, "destroy"
	// The CLI lets a refresh come to its end.
	refresh := at(update, acctest.Describe, true)
	refresh.heard = false
	return map[string]interruption{
		"create, before the start is sent":      at(waiting, acctest.Start, true),
		"create, the start on its way":          at(create, acctest.Start, false),
		"create, the start's answer on its way": at(create, acctest.Start, true),
		"create, before the confirmation":       at(create, acctest.Describe, false),
		"create, during the confirmation":       at(create, acctest.Describe, true),
		"create, before the pause":              at(paused, acctest.Update, false),
		"create, during the pause":              at(paused, acctest.Update, true),
		"update, during the refresh":            refresh,
		"update, before it runs":                at(update, acctest.Update, false),
		"update, after it ran":                  at(update, acctest.Update, true),
		"destroy, before the stop":              at(stop, acctest.Stop, false),
		"destroy, after the stop":               at(stop, acctest.Stop, true),
		"destroy, while it looks":               at(stop, acctest.Describe, true),
	}
}

// TestInterruptOnce: one Ctrl-C, wherever it hits the real CLI and the real
// provider, leaves no task outside of the state, and the next command goes on
// from there.
func TestInterruptOnce(t *testing.T) {
	t.Parallel()
	installed := acctest.NewWorld(t).InstalledCLI(t)
	for name, test := range interruptions() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, running := interrupted(t, installed, test)
			r.gate.passes(test.heard)
			<-running.ended

			if strays := r.strays(t); len(strays) > 0 {
				t.Fatalf("%v run and are in no state; the CLI said %s", strays, running.said)
			}
			if held := r.heldByState(t); len(held) != test.tasks {
				t.Errorf("the state holds %d tasks, want %d; the CLI said %s", len(held), test.tasks, running.said)
			}
			if started := len(r.Mock.Tasks()); started > 1 {
				t.Errorf("%d tasks were started", started)
			}
			r.recover(t, nil)
			if alive := r.Mock.Alive(); len(alive) > 0 {
				t.Errorf("after the destroy %v run", alive)
			}
		})
	}
}

// interrupted runs a command up to its moment and past the CLI's answer to a
// Ctrl-C.
func interrupted(t *testing.T, installed *acctest.CLI, test interruption) (*rig, *process) {
	t.Helper()
	r := newRig(t, installed, test.at, func(options *trtcmock.Options) {
		if test.command == "destroy" {
			options.Linger = time.Second
		}
	})
	behindGate := r.URL
	arguments := acctest.Arguments{"user_sig": `"a ticket"`}
	if !test.first {
		r.around(t)
		r.write(t, r.Config(t, arguments))
		r.run(t, "apply", "-auto-approve", "-input=false")
		r.URL = behindGate
	}
	for name, value := range test.change {
		arguments[name] = value
	}
	r.write(t, r.Config(t, arguments))
	r.Inject(t, test.faults...)
	options := []string{test.command, "-auto-approve", "-input=false", "-no-color"}
	if test.command == "destroy" {
		options = append(options, "-refresh=false")
	}
	running := r.start(t, options...)
	running.await(t, "the call was made", r.gate.reached)
	running.interrupt(t)
	running.await(t, "it heard the interrupt", running.said.hears(stopping))
	return r, running
}
