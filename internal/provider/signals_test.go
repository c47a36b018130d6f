//go:build !windows

package provider_test

import (
	"fmt"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// The moments of a create at which signals are sent.
const (
	before = "before the start is sent"
	during = "during the start"
	after  = "during the confirmation"
)

func signalMoments() map[string]moment {
	return map[string]moment{
		before: {"AssumeRole", true}, during: {acctest.Start, true}, after: {acctest.Describe, true},
	}
}

// Where a create leaves its task.
const (
	nowhere   = "nowhere" // Nothing is started.
	inState   = "state"
	inJournal = "start journal"
)

// ending is one or two signals that end a run.
type ending struct {
	signals []syscall.Signal
	// left is where tasks are afterwards if the CLI receives the signals. The
	// provider alone ignores them. At other moments the CLI ends after the first
	// signal.
	left map[string]string
}

func endings() map[string]ending {
	graceful := map[string]string{before: nowhere, during: inState, after: inState}
	dead := map[string]string{before: nowhere, during: inJournal, after: inJournal}
	forced := map[string]string{during: inJournal}
	return map[string]ending{
		"TERM":     {[]syscall.Signal{syscall.SIGTERM}, graceful},
		"HUP":      {[]syscall.Signal{syscall.SIGHUP}, dead},
		"INT+INT":  {[]syscall.Signal{syscall.SIGINT, syscall.SIGINT}, forced},
		"INT+TERM": {[]syscall.Signal{syscall.SIGINT, syscall.SIGTERM}, forced},
	}
}

// TestAccSignals ends a run at moments of a create, as timeout, systemd, a
// closed terminal and CI runners do. A TaskId that the service has sent is in
// state or in the start journal, and no process stays.
func TestAccSignals(t *testing.T) {
	t.Parallel()
	installed := acctest.InstalledCLI(t)
	for name, ending := range endings() {
		for at, left := range ending.left {
			for _, victim := range []string{theProvider, theCLI, theGroup} {
				for _, streams := range map[string][]int{before: {1}, during: {1, 12}, after: {1}}[at] {
					t.Run(fmt.Sprintf("%s to %s, %s, %d", name, victim, at, streams), func(t *testing.T) {
						t.Parallel()
						testEnding(t, newRig(t, installed, signalMoments()[at]), ending.signals, victim, left, streams)
					})
				}
			}
		}
	}
	testOrphans(t, installed)
	testPause(t, installed)
}

// testEnding sends signals to a victim during the creates of several streams.
func testEnding(t *testing.T, r *rig, signals []syscall.Signal, victim, left string, streams int) {
	t.Helper()
	started := min(streams, 4) // Terraform starts four at a time.
	r.gate.calls = int32(started)
	r.write(t, r.roleConfig(t, acctest.Arguments{"count": strconv.Itoa(streams), "room_id": "count.index + 1"}))
	running := r.start(t, "apply", "-parallelism=4")
	running.await(t, "the calls", r.gate.reached)
	for number, signal := range signals {
		running.signal(t, victim, signal)
		switch {
		case victim == theProvider:
		case signal == syscall.SIGHUP:
			<-running.ended
		default:
			running.awaitText(t, []string{stopping, leaving}[number])
		}
	}
	if victim != theProvider && r.gate.at.action != acctest.Start {
		eventually(t, "the end of the calls", r.gate.gone) // Only a start outlives the signal.
	}
	r.gate.open()
	<-running.ended
	running.awaitNoProvider(t)
	switch {
	case victim == theProvider:
		r.expectTasks(t, running, inState, streams)
	case left == nowhere:
		r.expectTasks(t, running, nowhere, 0)
	default:
		r.expectTasks(t, running, left, started)
	}
}

// testOrphans kills the CLI while the service runs a start. The provider
// notices it, receives the response and exits, with and without a log whose
// reader has gone.
func testOrphans(t *testing.T, installed *acctest.CLI) {
	t.Helper()
	for name, variables := range map[string][]string{"no log": nil, "log": {"TF_LOG=trace"}} {
		t.Run("orphan, "+name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, installed, moment{acctest.Start, false})
			r.Env = append(r.Env, variables...)
			// Long enough for the provider to notice that it is an orphan.
			r.Inject(t, trtcmock.Fault{Action: acctest.Start, Kind: trtcmock.FaultDelay, Delay: "2s"})
			r.write(t, r.Config(t, nil))
			running := r.start(t, "apply")
			running.await(t, "the call", r.gate.reached)
			running.signal(t, theCLI, syscall.SIGKILL)
			<-running.ended
			r.gate.open()
			running.awaitNoProvider(t)
			r.expectTasks(t, running, inJournal, 1)
			r.ExpectJournal(t, acctest.Start)
		})
	}
}

// testPause pauses the provider's process until the deadline of its starts has
// passed, as a container is paused. The responses that arrived meanwhile are
// read.
func testPause(t *testing.T, installed *acctest.CLI) {
	t.Helper()
	t.Run("STOP CONT to provider", func(t *testing.T) {
		t.Parallel()
		const streams = 8
		r := newRig(t, installed, moment{acctest.Start, true})
		r.gate.calls = streams
		r.write(t, r.Config(t, acctest.Arguments{
			"count": strconv.Itoa(streams), "room_id": "count.index + 1", "timeouts": `{ create = "3s" }`,
		}))
		running := r.start(t, "apply")
		running.await(t, "the calls", r.gate.reached)
		running.signal(t, theProvider, syscall.SIGSTOP)
		deadline := time.NewTimer(3 * time.Second)
		r.gate.open()
		eventually(t, "the responses", r.gate.done)
		<-deadline.C
		running.signal(t, theProvider, syscall.SIGCONT)
		<-running.ended
		r.expectTasks(t, running, inState, streams)
	})
}

// expectTasks checks that so many tasks were started, and where they are. Tasks
// in state may have a record too, until they are read.
func (r *rig) expectTasks(t *testing.T, running *process, where string, count int) {
	t.Helper()
	held, recorded, started := r.heldByState(t), []string{}, []string{}
	starts := r.journal(t)
	for _, task := range r.Mock.Tasks() {
		started = append(started, task.ID)
		key := r.journaled.start().Key
		key.RoomID, key.UserID = task.RoomID, task.UserID
		records, err := starts.Lookup(key)
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range records {
			recorded = append(recorded, record.TaskID)
		}
	}
	places := map[string][]string{inState: held, inJournal: recorded, nowhere: append(held, recorded...)}
	if found := places[where]; len(started) != count || !slices.Equal(slices.Sorted(slices.Values(found)), slices.Sorted(slices.Values(started))) {
		t.Errorf("%d tasks were started, want %d: %q; state: %q, start journal: %q, want them in %s; the output: %s",
			len(started), count, started, held, recorded, where, running.output)
	}
}

// awaitNoProvider waits until the provider's process has ended.
func (p *process) awaitNoProvider(t *testing.T) {
	t.Helper()
	eventually(t, "the end of the provider", func() bool { return p.provider(t) == 0 })
}
