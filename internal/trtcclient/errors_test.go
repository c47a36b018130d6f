package trtcclient_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// TestError_OfRefusal checks that an Error holds the response, and that IsClass finds
// its class.
func TestError_OfRefusal(t *testing.T) {
	t.Parallel()
	_, err := newService(t, code("FailedOperation.TaskNotExist")).client().Update(t.Context(), task(), updateInput())
	if got := failure(t, err); got.Action != updateAction || got.Class != trtcclient.Gone || got.Code != trtcclient.CodeTaskNotExist || got.Message != "No." || got.RequestID != refusedID {
		t.Errorf("error = %+v", got)
	}
	if !trtcclient.IsClass(fmt.Errorf("wrapped: %w", err), trtcclient.Gone) || trtcclient.IsClass(err, trtcclient.Unread) ||
		trtcclient.IsClass(nil, trtcclient.Rejected) || trtcclient.IsClass(errors.New("gone"), trtcclient.Rejected) {
		t.Error("IsClass does not find the class")
	}
}

// TestError_RequestID checks that a refusal keeps its RequestId, though an attempt
// before it may have run.
func TestError_RequestID(t *testing.T) {
	t.Parallel()
	inBubble(t, "", func(t *testing.T) {
		other := body(502, `{"Response":{"RequestId":"`+goodID+`"}}`)
		_, err := newService(t, other, code("InvalidAction")).client().Describe(t.Context(), task())
		if failed := expectRun(t, err, true); failed.Class != trtcclient.Rejected || failed.RequestID != refusedID {
			t.Errorf("error = %+v, want the refusal and its RequestId", failed)
		}
	})
}

// TestError_NoEndpoint checks the class of a call that cannot be built.
func TestError_NoEndpoint(t *testing.T) {
	t.Parallel()
	client := newService(t, success()).client(func(c *trtcclient.Config) { c.Endpoint = cloudapi.Endpoint{} })
	if failed := expectRun(t, client.Stop(t.Context(), task()), false); failed.Class != trtcclient.Defect {
		t.Errorf("error = %+v, want a defect", failed)
	}
}

// TestError_Texts checks that an error says what happened to a call that waited.
func TestError_Texts(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	for want, err := range map[string]*trtcclient.Error{
		"A: no credentials: cause":             {Action: "A", Class: trtcclient.NoCredentials, Err: cause},
		"A: cause before the request was sent": {Action: "A", Class: trtcclient.TimedOut, OutOfTime: true, Err: cause},
		"B: cause before the request was sent": {Action: "B", Class: trtcclient.Interrupted, Err: cause},
		"A: interrupted: cause":                {Action: "A", Class: trtcclient.Interrupted, Code: "C", Err: cause},
		"cause; no time was left for a retry":  {Action: "A", Class: trtcclient.ServerFault, OutOfTime: true, Err: cause},
		"cause":                                {Action: "A", Class: trtcclient.ServerFault, Err: cause},
	} {
		if got := err.Error(); got != want || !errors.Is(err, cause) {
			t.Errorf("error = %q, want %q", got, want)
		}
	}
}
