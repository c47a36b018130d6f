package journal_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"runtime"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
)

var errNotStarted = errors.New("the service did not run the start")

// create starts a task as the resource does. send is the call of the client,
// which hands over the TaskId before it does anything else with it.
func create(ctx context.Context, j *journal.Journal, start journal.Start, send func(onTaskID func(string) error) error) error {
	entry, others, err := j.Begin(start)
	if err != nil {
		return err // On start_journal, if it is configured. Otherwise log it and continue.
	}
	defer func() { _ = entry.Close() }()
	for _, other := range others {
		var refusal error
		switch other.State {
		case journal.Live:
			refusal = errors.New("another run is starting this stream")
		case journal.Started:
			// If two reads say that it is gone: j.Remove(other), and continue.
			refusal = fmt.Errorf("task %s may be running, see %s", other.TaskID, other.File)
		case journal.Pending:
			if other.Reported {
				continue // With a warning.
			}
			refusal = fmt.Errorf("a task may have been started on %s", other.At.Format("2 January 2006"))
			_ = j.MarkReported(ctx, other)
		case journal.Invalid:
			refusal = other.Err
		}
		if refusal != nil {
			return errors.Join(refusal, entry.Discard())
		}
	}
	switch err := send(entry.Started); {
	case errors.Is(err, errNotStarted):
		return errors.Join(err, entry.Discard())
	case err != nil:
		if ctx.Err() == nil {
			_ = entry.Reported() // The response was lost, and the error says so.
		}
		return err
	}
	if ctx.Err() == nil {
		return entry.Returned()
	}
	return nil
}

// Example shows an interrupted create, what later runs find, and the removal of
// the record once the task is managed.
func Example() {
	dir, err := os.MkdirTemp("", "starts")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	configure := func() *journal.Journal {
		j, err := journal.Open(journal.Config{
			Dir: dir, GOOS: runtime.GOOS, LookupEnv: os.LookupEnv, HomeDir: os.UserHomeDir,
			Clock: clock.System(), Random: rand.Reader,
		})
		if err != nil {
			fmt.Println(err)
		}
		return j
	}
	start := journal.Start{
		Key:    journal.Key{Service: "intl.tencentcloudapi.com", SdkAppID: 1400000001, RoomIDType: 1, RoomID: "4242", UserID: "robot"},
		Region: "ap-singapore",
	}
	ctx := context.Background()

	// A run whose context ends, as after a kill of the CLI: no Returned.
	canceled, cancel := context.WithCancel(ctx)
	err = create(canceled, configure(), start, func(onTaskID func(string) error) error {
		cancel()
		return onTaskID("task-1")
	})
	fmt.Println("first create:", err)

	// Configure and terraform query of the next run.
	j := configure()
	unreported, err := j.Unreported(start.Key.Service)
	fmt.Println("configure:", len(unreported), unreported[0].State, unreported[0].TaskID, err)
	unreturned, err := j.Unreturned(start.Key.Service)
	fmt.Println("query:", len(unreturned), unreturned[0].State, unreturned[0].TaskID, err)

	// Plan.
	records, err := j.Lookup(start.Key)
	fmt.Println("plan:", len(records), records[0].State, err)

	// Create starts no second task.
	err = create(ctx, j, start, nil)
	fmt.Println("refused:", err != nil)

	// The task was imported and adopted: the next refresh removes the record.
	fmt.Println("refresh:", configure().RemoveTask(start.Key.SdkAppID, "task-1"))
	records, err = configure().Lookup(start.Key)
	fmt.Println("plan:", len(records), err)

	// Output:
	// first create: <nil>
	// configure: 1 started task-1 <nil>
	// query: 1 started task-1 <nil>
	// plan: 1 started <nil>
	// refused: true
	// refresh: <nil>
	// plan: 0 <nil>
}
