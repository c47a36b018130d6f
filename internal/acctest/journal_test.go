package acctest_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
)

// failures is a test that only records its failures.
type failures struct {
	testing.TB

	texts []string
}

func (f *failures) Helper() {}

func (f *failures) Errorf(format string, arguments ...any) {
	f.texts = append(f.texts, fmt.Sprintf(format, arguments...))
}

func (f *failures) Fatalf(format string, arguments ...any) {
	f.Errorf(format, arguments...)
	runtime.Goexit()
}

func TestExpectedCalls(t *testing.T) {
	t.Parallel()
	const refused = acctest.Describe + ":UnauthorizedOperation"
	for name, test := range map[string]struct {
		expect func(*acctest.World, *failures)
		fails  bool
	}{
		"changes":          {func(w *acctest.World, f *failures) { w.ExpectChanges(f, acctest.Stop) }, false},
		"no changes":       {func(w *acctest.World, f *failures) { w.ExpectChanges(f) }, true},
		"too many changes": {func(w *acctest.World, f *failures) { w.ExpectChanges(f, acctest.Stop, acctest.Stop) }, true},
		"journal":          {func(w *acctest.World, f *failures) { w.ExpectJournal(f, refused, acctest.Stop, acctest.Describe) }, false},
		"journal less code": {func(w *acctest.World, f *failures) {
			w.ExpectJournal(f, acctest.Describe, acctest.Stop, acctest.Describe)
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Created(t, world.Values(t, nil))
			world.Inject(t, acctest.RejectNext(acctest.Describe, "UnauthorizedOperation"))
			session.Refresh(t.Context())
			if diags := session.Apply(t.Context(), session.PlanDestroy(t.Context())); diags.HasErrors() {
				t.Fatal(diags)
			}
			if call := world.LastCall(t, acctest.Stop); !call.Ran || call.Code != "" {
				t.Errorf("last call %+v", call)
			}
			recorder := &failures{TB: t}
			test.expect(world, recorder)
			if failed := len(recorder.texts) > 0; failed != test.fails {
				t.Errorf("failed: %t (%q), want %t", failed, recorder.texts, test.fails)
			}
			if calls := world.Calls(); !slices.Equal(calls, []string{}) {
				t.Errorf("the journal was not reset: %v", calls)
			}
		})
	}
}

func TestExpectRunning(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Created(t, world.Values(t, nil))
	recorder := &failures{TB: t}
	if world.ExpectRunning(recorder, 0); len(recorder.texts) != 1 {
		t.Errorf("a running task: %q", recorder.texts)
	}
	world.ExpectRunning(t, 1)
}
