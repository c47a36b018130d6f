package trtcclient_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// TestAttempt_Times checks that Took is the time of the exchange, without the wait
// for a slot, and that this wait takes no time of the attempt.
func TestAttempt_Times(t *testing.T) {
	t.Parallel()
	forEachAction(t, "", func(t *testing.T, _ string, run func(context.Context, *trtcclient.Client) error) {
		service := newService(t, slow(100*time.Millisecond, success()))
		client := service.client(func(c *trtcclient.Config) { c.RequestsPerSecond, c.AttemptTimeout = 1, 200*time.Millisecond })
		for range 3 {
			if err := run(t.Context(), client); err != nil {
				t.Error(err)
			}
		}
		for i, attempt := range service.attempts {
			waited := i > 0 && attempt.Waited > 900*time.Millisecond && attempt.Waited < time.Second || i == 0 && attempt.Waited == 0
			if len(service.attempts) != 3 || !waited || attempt.Took != 100*time.Millisecond {
				t.Errorf("attempt %d of %d waited %v and took %v", i+1, len(service.attempts), attempt.Waited, attempt.Took)
			}
		}
	})
}

// TestAttempt_SignedAnew checks that each attempt sends the same body with a new
// signature.
func TestAttempt_SignedAnew(t *testing.T) {
	t.Parallel()
	forEachAction(t, "", func(t *testing.T, _ string, run func(context.Context, *trtcclient.Client) error) {
		service := newService(t, slow(1100*time.Millisecond, code("InternalError")), slow(1100*time.Millisecond, code("RequestLimitExceeded")), success())
		if err := run(t.Context(), service.client()); err != nil {
			t.Fatal(err)
		}
		requests := service.requests()
		if len(requests) != 3 {
			t.Fatalf("%d requests were sent, want 3", len(requests))
		}
		for i, request := range requests[1:] {
			if earlier := requests[i]; request.timestamp <= earlier.timestamp || request.signed == earlier.signed || request.body != earlier.body {
				t.Errorf("%+v after %+v, want the same body signed anew", request, earlier)
			}
		}
	})
}

const expired = "AuthFailure.SignatureExpire"

// dated refuses the signature for its time, with the time of a service whose clock is
// ahead.
func dated(ahead time.Duration) reply {
	return reply{true, func(request *http.Request) (*http.Response, error) {
		response, err := code(expired).respond(request)
		response.Header.Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
		return response, err
	}}
}

// TestClock_CorrectedOnce lets the service refuse signatures for their time. A start
// corrects the clock twice, because another call can be the first.
func TestClock_CorrectedOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		script        []reply
		starts, calls int // requests; negative if the call fails in the end
		skew          time.Duration
	}{
		"corrected":          {script: []reply{dated(time.Hour), success()}, starts: 2, calls: 2, skew: time.Hour},
		"refused again":      {script: []reply{dated(time.Hour)}, starts: -2, calls: -2, skew: time.Hour},
		"another time again": {script: []reply{dated(time.Hour), dated(2 * time.Hour), success()}, starts: 3, calls: -2, skew: 2 * time.Hour},
		"the same time":      {script: []reply{dated(0), success()}, starts: -1, calls: -1},
	} {
		forEachAction(t, name, func(t *testing.T, action string, run func(context.Context, *trtcclient.Client) error) {
			service := newService(t, c.script...)
			client := service.client()
			err := run(t.Context(), client)
			want, got := c.calls, len(service.requests())
			if action == startAction {
				want = c.starts
			}
			if err != nil && failure(t, err).Code == expired {
				got = -got
				_ = expectRun(t, err, false)
			}
			if got != want || (err == nil) != (want > 0) {
				t.Errorf("%d requests were sent, want %d: %v", got, want, err)
			}
			for _, want := range []bool{c.skew != 0, false} {
				if skew, notice := client.ClockNotice(); skew != c.skew || notice != want {
					t.Errorf("ClockNotice = %v, %t, want %v, %t", skew, notice, c.skew, want)
				}
			}
		})
	}
}

// TestStart_ClockCorrected checks that a start takes its tickets again when the clock
// was corrected before it was written: what is sent has the second ones.
func TestStart_ClockCorrected(t *testing.T) {
	t.Parallel()
	inBubble(t, "", func(t *testing.T) {
		service := newService(t, dated(time.Hour), success())
		client := service.client()
		var skews []time.Duration
		tickets := func(ctx context.Context) (context.Context, trtcclient.Tickets) {
			skews = append(skews, client.ClockSkew())
			if len(skews) == 1 { // Another call corrects the clock.
				if _, err := client.Describe(ctx, task()); err != nil {
					t.Error(err)
				}
			}
			return ctx, trtcclient.Tickets{UserSig: secret.New(fmt.Sprintf("ticket-%d", len(skews)))}
		}
		if _, err := client.Start(t.Context(), region, startInput(), tickets, func(string) {}); err != nil {
			t.Fatal(err)
		}
		var attempts []string
		for _, attempt := range service.attempts {
			attempts = append(attempts, strings.TrimSpace(attempt.Action+" "+string(attempt.Outcome)+" "+attempt.Code+attempt.Fault))
		}
		want := []string{
			describeAction + " refused " + expired, describeAction + " answered",
			startAction + " not sent the clock was corrected before the request was sent", startAction + " answered",
		}
		if diff := cmp.Diff(want, attempts); diff != "" {
			t.Errorf("attempts (-want +got):\n%s", diff)
		}
		if !slices.Equal(skews, []time.Duration{0, time.Hour}) {
			t.Errorf("tickets were taken at the skews %v", skews)
		}
		requests := service.requests()
		if sent := requests[len(requests)-1].body; len(requests) != 3 || !strings.Contains(sent, "ticket-2") {
			t.Errorf("%d requests were sent, the last one: %s", len(requests), sent)
		}
	})
}
