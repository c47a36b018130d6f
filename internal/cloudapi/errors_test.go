package cloudapi_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

func TestOutcomesHaveNames(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[cloudapi.Outcome]string{
		cloudapi.NotSent: "not sent", cloudapi.Refused: "refused", cloudapi.Answered: "answered", cloudapi.Ambiguous: "ambiguous", 99: "unknown",
	} {
		if got := outcome.String(); got != want {
			t.Errorf("outcome %d = %q, want %q", outcome, got, want)
		}
	}
}

func TestReasonsHaveTexts(t *testing.T) {
	t.Parallel()
	seen := map[cloudapi.Reason]bool{}
	for _, reason := range []cloudapi.Reason{
		cloudapi.NoConnection, cloudapi.ProxyInvalid, cloudapi.ProxyRefused, cloudapi.Untrusted, cloudapi.TLSRefused,
		cloudapi.ConnectionLost, cloudapi.TimedOut, cloudapi.Canceled, cloudapi.Redirected, cloudapi.BadStatus,
		cloudapi.TooLarge, cloudapi.Unreadable, cloudapi.SentTwice, cloudapi.NotEncodable,
	} {
		if seen[reason] || reason == "" {
			t.Errorf("the reason %q is empty, or that of two", reason)
		}
		seen[reason] = true
	}
}

func TestErrorTexts(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"A: C.D: m (RequestId r)": &cloudapi.APIError{Action: "A", Code: "C.D", Message: "m", RequestID: "r"},
		"A: C.D: m":               &cloudapi.APIError{Action: "A", Code: "C.D", Message: "m"},
		"A to h: no response came in time: context deadline exceeded": &cloudapi.ExchangeError{
			Action: "A", Host: "h", Reason: cloudapi.TimedOut, Err: context.DeadlineExceeded,
		},
		"A to h: the host responded with an unexpected HTTP status (HTTP status 502)": &cloudapi.ExchangeError{
			Action: "A", Host: "h", Reason: cloudapi.BadStatus, Status: 502,
		},
		"A to h: no connection could be made: x y": &cloudapi.ExchangeError{
			Action: "A", Host: "h", Reason: cloudapi.NoConnection, Err: errors.New("x\ny"),
		},
	} {
		if got := err.Error(); got != want {
			t.Errorf("error = %q, want %q", got, want)
		}
	}
	long := &cloudapi.ExchangeError{Action: "A", Host: "h", Err: errors.New(strings.Repeat("x", 1<<20))}
	if got := len(long.Error()); got > 1<<10 {
		t.Errorf("an error has %d bytes", got)
	}
	if cause := context.Canceled; !errors.Is(&cloudapi.ExchangeError{Err: cause}, cause) {
		t.Error("an ExchangeError does not unwrap to its cause")
	}
}

func TestUnbuildableRequestIsNotSent(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*cloudapi.Request){
		"parameters": func(r *cloudapi.Request) { r.Parameters = map[string]any{"canary": make(chan int)} },
		"no host":    func(r *cloudapi.Request) { r.Endpoint = cloudapi.Endpoint{} },
		"region":     func(r *cloudapi.Request) { r.Region = "ap-\ncanary" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var kept journal
			request := start()
			change(&request)
			_, err := inMemory(answering(t, &kept, 200, goodAnswer)).Call(t.Context(), permanentKey(), request, &taskAnswer{})
			if failed := failure(t, err); failed.Outcome != cloudapi.NotSent || failed.Reason != cloudapi.NotEncodable {
				t.Errorf("error = %+v, want not sent, not encodable", failed)
			}
			if len(kept.all()) != 0 || strings.Contains(err.Error(), "canary") {
				t.Errorf("%d requests were sent; error %v", len(kept.all()), err)
			}
		})
	}
}
