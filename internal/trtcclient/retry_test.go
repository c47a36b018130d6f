package trtcclient_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// pause is the range that a wait must lie in.
type pause struct{ least, most time.Duration }

// upTo are waits anywhere below their bounds, in seconds.
func upTo(seconds ...float64) []pause { return pauses(0, seconds) }

// about are waits at most a tenth below their bounds, in seconds.
func about(seconds ...float64) []pause { return pauses(0.9, seconds) }

func pauses(share float64, seconds []float64) []pause {
	all := make([]pause, 0, len(seconds))
	for _, most := range seconds {
		bound := time.Duration(most * float64(time.Second))
		all = append(all, pause{least: time.Duration(share * float64(bound)), most: bound})
	}
	return all
}

// slot is the time between two requests that the pacer lets through; it can
// add to a wait.
const slot = time.Second / 19

// policies are the waits between the requests of a call that fails in the same
// way each time. No entry is one request.
var policies = map[trtcclient.Class]struct{ start, others []pause }{
	trtcclient.Unreachable: {start: upTo(1, 2, 4, 8), others: upTo(1, 2, 4, 8)},
	trtcclient.ServerFault: {start: about(3, 6, 12), others: upTo(1, 2, 4, 8, 8, 8, 8)},
	trtcclient.Unread:      {others: upTo(1, 2, 4, 8, 8, 8, 8)},
	trtcclient.NoAnswer:    {others: upTo(1, 2, 4, 8, 8, 8, 8)},
	trtcclient.NoCapacity:  {start: upTo(2, 4, 8), others: upTo(2, 4, 8)},
	trtcclient.Conflict:    {start: about(1, 2, 4, 4, 4)},
}

// failures are ways to fail, and the class of each.
var failures = map[string]struct {
	reply    reply
	class    trtcclient.Class
	succeeds bool
}{
	"no connection":           {reply: unsent(), class: trtcclient.Unreachable},
	"connecting takes long":   {reply: stall(), class: trtcclient.Unreachable},
	"connection reset":        {reply: reset(), class: trtcclient.NoAnswer},
	"no answer in time":       {reply: hang(), class: trtcclient.NoAnswer},
	"HTML with status 502":    {reply: body(http.StatusBadGateway, "<html>"), class: trtcclient.NoAnswer},
	"empty with status 500":   {reply: body(http.StatusInternalServerError, ""), class: trtcclient.NoAnswer},
	"empty with status 204":   {reply: body(http.StatusNoContent, ""), class: trtcclient.NoAnswer},
	"empty with status 429":   {reply: body(http.StatusTooManyRequests, ""), class: trtcclient.NoAnswer},
	"null":                    {reply: body(http.StatusOK, "null"), class: trtcclient.NoAnswer},
	"half an answer":          {reply: body(http.StatusOK, goodAnswer[:30]), class: trtcclient.NoAnswer},
	"ServiceUnavailable":      {reply: code("ServiceUnavailable"), class: trtcclient.NoAnswer},
	"ResourceUnavailable":     {reply: code("ResourceUnavailable"), class: trtcclient.NoAnswer},
	"InternalError":           {reply: code("InternalError"), class: trtcclient.ServerFault},
	"InternalError.DBError":   {reply: code("InternalError.DBError"), class: trtcclient.ServerFault},
	"no capacity":             {reply: code("ResourceInsufficient.RequestRejection"), class: trtcclient.NoCapacity},
	"TaskExist":               {reply: code(trtcclient.CodeTaskExist), class: trtcclient.Conflict},
	"TaskNotExist":            {reply: code(trtcclient.CodeTaskNotExist), class: trtcclient.Gone},
	"TaskFinished":            {reply: code(trtcclient.CodeTaskFinished), class: trtcclient.Gone},
	"QueryTaskInfoFailed":     {reply: code(trtcclient.CodeQueryTaskInfoFailed), class: trtcclient.Unread},
	"RestrictedConcurrency":   {reply: code("FailedOperation.RestrictedConcurrency"), class: trtcclient.Rejected},
	"overdue payments":        {reply: code("ResourceUnavailable.InArrears"), class: trtcclient.Rejected},
	"LimitExceeded":           {reply: code("LimitExceeded.Tasks"), class: trtcclient.Rejected},
	"AuthFailure":             {reply: code("AuthFailure.SignatureExpire"), class: trtcclient.Rejected},
	"UnauthorizedOperation":   {reply: code("UnauthorizedOperation.CAM"), class: trtcclient.Rejected},
	"UnsupportedRegion":       {reply: code("UnsupportedRegion"), class: trtcclient.Rejected},
	"InvalidParameter":        {reply: code("InvalidParameter.UserSig"), class: trtcclient.Rejected},
	"MissingParameter":        {reply: code("MissingParameter.RoomId"), class: trtcclient.Rejected},
	"UnknownParameter":        {reply: code("UnknownParameter"), class: trtcclient.Rejected},
	"a code nobody knows":     {reply: code("Surprise.OfTheYear"), class: trtcclient.Rejected},
	"redirect":                {reply: body(http.StatusTemporaryRedirect, ""), class: trtcclient.ForeignAnswer},
	"page with status 404":    {reply: body(http.StatusNotFound, "<html>"), class: trtcclient.ForeignAnswer},
	"answer that is complete": {reply: success(), succeeds: true},
}

// TestRepetitions counts the requests of each action for each way to fail, and
// times the waits between them.
func TestRepetitions(t *testing.T) {
	t.Parallel()
	for action, run := range actions {
		for name, failure := range failures {
			t.Run(action+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					service := newService(t, failure.reply)
					const patience = 10 * time.Second
					client := service.client(func(c *trtcclient.Config) { c.AttemptTimeout = patience })
					err := run(t.Context(), client)
					if failure.succeeds != (err == nil) || err != nil && classOf(t, err) != failure.class {
						t.Errorf("error = %+v, want class %d", err, failure.class)
					}
					want := policies[failure.class].others
					if action == startAction {
						want = policies[failure.class].start
					}
					if name == "no answer in time" || name == "connecting takes long" {
						want = shifted(want, patience)
					}
					expectPauses(t, service.gaps(), want)
				})
			})
		}
	}
}

func shifted(all []pause, by time.Duration) []pause {
	moved := make([]pause, 0, len(all))
	for _, p := range all {
		moved = append(moved, pause{least: p.least + by, most: p.most + by})
	}
	return moved
}

func expectPauses(t *testing.T, got []time.Duration, want []pause) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d requests were sent, want %d", len(got)+1, len(want)+1)
	}
	for i, gap := range got {
		if gap < want[i].least || gap > want[i].most+slot {
			t.Errorf("wait %d = %v, want %v to %v", i+1, gap, want[i].least, want[i].most)
		}
	}
}

// TestRateLimitIsRepeatedUntilTheDeadline also checks that the deadline is not
// waited for in vain.
func TestRateLimitIsRepeatedUntilTheDeadline(t *testing.T) {
	t.Parallel()
	for action, run := range actions {
		for _, name := range []string{"RequestLimitExceeded", "RequestLimitExceeded.IPLimitExceeded", "LimitExceeded.RateLimitExceeded"} {
			t.Run(action+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					service := newService(t, code(name))
					ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
					defer cancel()
					err := run(ctx, service.client())
					expectNotRun(t, err)
					if !trtcclient.IsError(err, name) {
						t.Errorf("error = %v, want %s", err, name)
					}
					requests := service.requests()
					if last := requests[len(requests)-1].at.Sub(requests[0].at); last < 2*time.Minute-6*time.Second || last > 2*time.Minute {
						t.Errorf("the last request was sent after %v, want shortly before the deadline", last)
					}
					bounds := upTo(0.5, 1, 2, 4)
					for len(bounds) < len(requests)-1 {
						bounds = append(bounds, pause{most: 5*time.Second + slotAt(len(bounds))})
					}
					expectPauses(t, service.gaps(), bounds)
				})
			})
		}
	}
}

// slotAt is what a slot can grow to after n refusals.
func slotAt(n int) time.Duration {
	grown := slot
	for range n {
		grown = min(grown*5/4, 20*slot)
	}
	return grown
}

func TestTaskThatLingersIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := newService(t, code(trtcclient.CodeTaskExist), code(trtcclient.CodeTaskExist), success())
		taskID, err := startTask(t.Context(), service.client(), startInput())
		if err != nil || taskID != "task-1" {
			t.Errorf("Start = %q, %v, want the TaskId", taskID, err)
		}
		expectPauses(t, service.gaps(), about(1, 2))
	})
}

func TestTaskThatStaysIsWaitedForNoLongerThan15Seconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		service := newService(t, code(trtcclient.CodeTaskExist))
		_, err := startTask(t.Context(), service.client(), startInput())
		expectNotRun(t, err)
		if took := time.Since(begun); took < 13*time.Second || took > 15*time.Second {
			t.Errorf("the start was given up after %v, want 13 to 15 s", took)
		}
	})
}

// TestClassesAreCountedApart lets a call fail in several ways, each within its
// bounds.
func TestClassesAreCountedApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := newService(t, unsent(), code("RequestLimitExceeded"), code("InternalError"), unsent(), code("InternalError"),
			code("ResourceInsufficient.RequestRejection"), code("InternalError"), success())
		taskID, err := startTask(t.Context(), service.client(), startInput())
		if err != nil || taskID != "task-1" {
			t.Errorf("Start = %q, %v, want the TaskId", taskID, err)
		}
		all := upTo(1, 0.5)
		all = append(all, append(append(about(3), upTo(2)...), about(6)...)...)
		expectPauses(t, service.gaps(), append(append(all, upTo(2)...), about(12)...))
	})
}
