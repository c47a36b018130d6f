package acctest

import (
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// Inject makes coming calls go wrong.
func (w *World) Inject(t testing.TB, faults ...trtcmock.Fault) {
	t.Helper()
	if err := w.Mock.Inject(faults...); err != nil {
		t.Fatal(err)
	}
}

// Answer is a fault that refuses the next call of an action with a code.
func Answer(action, code string) trtcmock.Fault {
	return trtcmock.Fault{Action: action, Kind: trtcmock.FaultCode, Code: code}
}

// AnswerAlways is Answer for all calls from now on.
func AnswerAlways(action, code string) trtcmock.Fault {
	return trtcmock.Fault{Action: action, Kind: trtcmock.FaultCode, Code: code, Times: -1}
}

// Break is a fault of a kind without a code at the next call of an action.
func Break(action, kind string) trtcmock.Fault {
	return trtcmock.Fault{Action: action, Kind: kind}
}

// FinishAll ends every running task as if its media had ended.
func (w *World) FinishAll() {
	for _, task := range w.Mock.Alive() {
		w.Mock.Finish(task.ID)
	}
}
