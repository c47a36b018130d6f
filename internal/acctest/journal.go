package acctest

import (
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// The actions of the API.
const (
	Start    = "StartStreamIngest"
	Describe = "DescribeStreamIngest"
	Update   = "UpdateStreamIngest"
	Stop     = "StopStreamIngest"
)

// Calls returns the calls since the last reset of the call log, in order. A call is
// the action, followed by ":" and the error code if the call failed.
func (w *World) Calls() []string {
	names := []string{}
	for _, call := range w.Mock.Journal() {
		name := call.Action
		if call.Code != "" {
			name += ":" + call.Code
		}
		names = append(names, name)
	}
	return names
}

// ChangingCalls returns Calls without Describe.
func (w *World) ChangingCalls() []string {
	return slices.DeleteFunc(w.Calls(), func(name string) bool { return strings.HasPrefix(name, Describe) })
}

// ExpectChanges checks that exactly these calls were made since the last reset of
// the call log, without Describe, and resets the call log.
func (w *World) ExpectChanges(t testing.TB, want ...string) {
	t.Helper()
	if got := w.ChangingCalls(); !slices.Equal(got, want) {
		t.Errorf("calls that change something = %v, want %v", got, want)
	}
	w.Mock.ResetJournal()
}

// ExpectJournal checks that exactly these calls were made since the last reset of
// the call log, with Describe, and resets the call log.
func (w *World) ExpectJournal(t testing.TB, want ...string) {
	t.Helper()
	if got := w.Calls(); !slices.Equal(got, want) {
		t.Errorf("calls = %v, want %v", got, want)
	}
	w.Mock.ResetJournal()
}

// LastCall returns the latest call of an action. It fails the test if the action was
// not called.
func (w *World) LastCall(t testing.TB, action string) trtcmock.Call {
	t.Helper()
	for _, call := range slices.Backward(w.Mock.Journal()) {
		if call.Action == action {
			return call
		}
	}
	t.Fatalf("%s was not called", action)
	return trtcmock.Call{}
}

// ExpectRunning checks how many tasks are alive.
func (w *World) ExpectRunning(t testing.TB, want int) {
	t.Helper()
	if alive := w.Mock.Alive(); len(alive) != want {
		t.Errorf("running: %v, want %d tasks", alive, want)
	}
}
