package cloudapi_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

func TestErrors_Texts(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"A: C.D: m (RequestId r)": &cloudapi.APIError{Action: "A", Code: "C.D", Message: "m", RequestID: "r"},
		"A to h: no response came in time: context deadline exceeded": &cloudapi.ExchangeError{
			Action: "A", Host: "h", Reason: cloudapi.TimedOut, Err: context.DeadlineExceeded,
		},
		"A to h: the host responded with an unexpected HTTP status (HTTP status 502)": &cloudapi.ExchangeError{
			Action: "A", Host: "h", Reason: cloudapi.BadStatus, Status: 502,
		},
		"A to h: no connection could be made: x y": &cloudapi.ExchangeError{
			Action: "A", Host: "h", Reason: cloudapi.NoConnection, Err: errors.New("x\ny"),
		},
		"A to h: : " + strings.Repeat("x", 253) + "…": &cloudapi.ExchangeError{Action: "A", Host: "h", Err: errors.New(strings.Repeat("x", 1<<20))},
	} {
		if got := err.Error(); got != want {
			t.Errorf("error = %q, want %q", got, want)
		}
	}
}

// TestExchangeError_Permanent checks which HTTP statuses a retry may change.
func TestExchangeError_Permanent(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]bool{200: false, 400: true, 404: true, 408: false, 425: false, 429: false, 499: true, 500: false} {
		err := &cloudapi.ExchangeError{Reason: cloudapi.BadStatus, Status: status}
		if got := err.Permanent(); got != want {
			t.Errorf("status %d: permanent %t, want %t", status, got, want)
		}
	}
}

// TestCall_NotEncodable checks that a request that cannot be built is not sent.
func TestCall_NotEncodable(t *testing.T) {
	t.Parallel()
	for _, change := range []func(*cloudapi.Request){
		func(r *cloudapi.Request) { r.Parameters = map[string]any{"canary": make(chan int)} },
		func(r *cloudapi.Request) { r.Endpoint = cloudapi.Endpoint{} },
		func(r *cloudapi.Request) { r.Region = "ap-\ncanary" },
	} {
		request, wire := start(), respond(200, goodResponse)
		change(&request)
		_ = expectFailure(t, call(t, wire, request), cloudapi.NotSent, cloudapi.NotEncodable, 0)
		if len(wire.requests()) != 0 {
			t.Errorf("%+v was sent", request)
		}
	}
}
