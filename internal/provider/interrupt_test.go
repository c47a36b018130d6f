//go:build !windows

package provider_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// The CLI's messages after the first and the second Ctrl-C.
const (
	stopping = "Interrupt received"
	leaving  = "Two interrupts received"
)

// interruption is a command and the moment of a Ctrl-C.
type interruption struct {
	at moment
	// command is apply or destroy.
	command string
	// first is true for the first apply; otherwise a task is running.
	first bool
	// change is the configuration to apply.
	change acctest.Arguments
	// faults are injected before the command.
	faults []trtcmock.Fault
	// tasks is the number of tasks in state in the end.
	tasks int
	// heard is true when the provider abandons the call because of the
	// interrupt.
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
	waiting.tasks, waiting.faults = 0, []trtcmock.Fault{acctest.RejectAll(acctest.Start, "RequestLimitExceeded")}
	paused.change = acctest.Arguments{"paused": "true"}
	update.first, update.change = false, acctest.Arguments{"volume": "30"}
	stop.first, stop.command = false, "destroy"
	// The CLI lets a refresh finish.
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

// TestAccInterruptOnce checks that one Ctrl-C at any moment leaves no task
// outside of state, and that the next command continues.
func TestAccInterruptOnce(t *testing.T) {
	t.Parallel()
	installed := acctest.NewWorld(t).InstalledCLI(t)
	for name, test := range interruptions() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, running := atMoment(t, installed, test)
			running.interrupt(t)
			running.await(t, "it heard the interrupt", running.output.hears(stopping))
			if test.heard {
				<-r.gate.gone
			}
			r.gate.open()
			<-r.gate.done
			<-running.ended

			if orphans := r.orphans(t); len(orphans) > 0 {
				t.Fatalf("%v run and are in no state; the output: %s", orphans, running.output)
			}
			if held := r.heldByState(t); len(held) != test.tasks {
				t.Errorf("the state holds %d tasks, want %d; the output: %s", len(held), test.tasks, running.output)
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

// atMoment runs a command up to its moment.
func atMoment(t *testing.T, installed *acctest.CLI, test interruption) (*rig, *process) {
	t.Helper()
	r := newRig(t, installed, test.at, func(options *trtcmock.Options) {
		if test.command == "destroy" {
			options.Linger = time.Second
		}
	})
	arguments := acctest.Arguments{"user_sig": `"a-ticket"`}
	if !test.first {
		r.gated.Store(false)
		r.write(t, r.Config(t, arguments))
		r.run(t, "apply", "-auto-approve", "-input=false")
		r.gated.Store(true)
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
	return r, running
}

// TestAccInterruptTwice checks the second Ctrl-C, after which the CLI exits at
// once without the provider's response and may leave a truncated state file. At
// most the one task that was being created is lost; state contains no task that
// never existed, and an import recovers the lost one.
func TestAccInterruptTwice(t *testing.T) {
	t.Parallel()
	installed := acctest.NewWorld(t).InstalledCLI(t)
	for _, name := range []string{
		"create, the start on its way", "create, the start's answer on its way", "create, during the confirmation",
		"create, during the pause", "update, after it ran", "destroy, after the stop",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test := interruptions()[name]
			r, running := atMoment(t, installed, test)
			// Otherwise the provider abandons its call at the first interrupt,
			// and the CLI may exit before the second one.
			resume := running.suspendProvider(t)
			running.interrupt(t)
			running.await(t, "it heard the interrupt", running.output.hears(stopping))
			running.interrupt(t)
			running.await(t, "it heard the second interrupt", running.output.hears(leaving))
			resume()
			<-running.ended
			r.gate.open()
			<-r.gate.done
			restored := r.restoreState(t)

			orphans := r.orphans(t)
			if len(orphans) > 0 && !test.first && restored {
				t.Errorf("%v was in the state and no longer is", orphans)
			}
			if started := len(r.Mock.Tasks()); started > 1 {
				t.Errorf("%d tasks were started", started)
			}
			for _, id := range r.heldByState(t) {
				if !slices.ContainsFunc(r.Mock.Tasks(), func(task trtcmock.Task) bool { return task.ID == id }) {
					t.Errorf("the state holds %s, which never was", id)
				}
			}
			r.recover(t, orphans)
		})
	}
}

// restoreState restores the state file from its backup when the CLI left it truncated,
// as a user would. It reports whether there was a backup: some CLIs create none
// when the state did not change.
func (r *rig) restoreState(t *testing.T) bool {
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

// recover imports the orphaned tasks, and destroys everything.
func (r *rig) recover(t *testing.T, orphans []trtcmock.Task) {
	t.Helper()
	r.gated.Store(false)
	for _, orphan := range orphans {
		r.write(t, r.Config(t, acctest.Arguments{"user_sig": `"a-ticket"`}))
		r.run(t, "import", "-input=false", acctest.Address, acctest.Region+"/1400000001/"+orphan.ID)
	}
	r.write(t, r.ProviderBlock())
	r.run(t, "apply", "-auto-approve", "-input=false")
	if held := r.heldByState(t); len(held) > 0 {
		t.Errorf("after the destroy the state holds %v", held)
	}
}

// applying is a server that reports the context of an apply, which StopProvider
// cancels.
type applying struct {
	tfprotov6.ProviderServer

	contexts chan<- context.Context
}

func (a applying) ApplyResourceChange(ctx context.Context, request *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	a.contexts <- ctx
	return a.ProviderServer.ApplyResourceChange(ctx, request)
}

// heldBack is a transport that holds the response of a start.
type heldBack struct {
	next  http.RoundTripper
	until func()
}

func (h heldBack) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := h.next.RoundTrip(request)
	if request.Header.Get("X-TC-Action") == acctest.Start {
		h.until()
	}
	return response, err
}

// TestAccInterrupt sends Ctrl-C during a start. The task is in state, and the
// next command can destroy it.
func TestAccInterrupt(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	contexts, sent := make(chan context.Context, 2), make(chan struct{})
	world.Options.Transport = heldBack{world.Options.Transport, func() {
		close(sent)
		<-(<-contexts).Done()
	}}
	cli := world.CLI(t, func(server tfprotov6.ProviderServer) tfprotov6.ProviderServer {
		return applying{ProviderServer: server, contexts: contexts}
	})
	cli.Write(t, "main.tf", world.Config(t, nil))

	model := cli.Command(t)
	running := startLike(t, model, model.Dir, "apply", "-auto-approve", "-no-color")
	running.await(t, "something was started", sent)
	running.interrupt(t)
	<-running.ended
	world.ExpectJournal(t, acctest.Start)
	task := world.Mock.Alive()[0]
	if got := cli.StateOf(t, acctest.Address)["task_id"]; got != task.ID {
		t.Fatalf("task in the state = %v, want %s; the output: %s", got, task.ID, running.output)
	}
	cli.MustRun(t, "destroy", "-auto-approve")
	world.ExpectJournal(t, acctest.Describe, acctest.Stop, acctest.Describe)
}
