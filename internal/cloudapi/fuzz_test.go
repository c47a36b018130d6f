package cloudapi_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// FuzzAnswer lets the host answer anything.
func FuzzAnswer(f *testing.F) {
	for _, answer := range answers {
		if len(answer.body) < 1<<12 {
			f.Add(answer.status, answer.body)
		}
	}
	f.Add(307, "")
	f.Add(-1, "\x00")
	f.Fuzz(func(t *testing.T, status int, body string) {
		var kept journal
		var out taskAnswer
		requestID, err := inMemory(answering(t, &kept, status, body)).Call(context.Background(), temporaryKey(), start(), &out)
		if len(kept.all()) != 1 {
			t.Errorf("%d requests were sent, want 1", len(kept.all()))
		}
		if len(requestID) > 64 {
			t.Errorf("RequestId = %q", requestID)
		}
		switch outcome := outcomeOf(err); outcome {
		case cloudapi.Answered:
			if status != http.StatusOK || out.TaskID == "" {
				t.Errorf("status %d and TaskId %q count as success", status, out.TaskID)
			}
		case cloudapi.Refused, cloudapi.Ambiguous:
			if len(err.Error()) > 1<<10 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
		default:
			t.Errorf("outcome = %v of a request that was written", outcome)
		}
	})
}
