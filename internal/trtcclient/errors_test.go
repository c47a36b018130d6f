package trtcclient_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// TestClassOfAnswers gives each action an answer without an envelope. Those
// that blame the request are not repeated, and what they left behind is unknown.
func TestClassOfAnswers(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]trtcclient.Class{
		101: trtcclient.NoAnswer, 204: trtcclient.NoAnswer, 302: trtcclient.ForeignAnswer, 400: trtcclient.ForeignAnswer,
		408: trtcclient.NoAnswer, 425: trtcclient.NoAnswer, 429: trtcclient.NoAnswer, 499: trtcclient.ForeignAnswer, 500: trtcclient.NoAnswer,
	} {
		for action, run := range actions {
			t.Run(fmt.Sprintf("%s/%d", action, status), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					failed := mayHaveRun(t, run(t.Context(), newService(t, body(status, "")).client()))
					if failed.Class != want || failed.Code != "" || failed.OutOfTime || trtcclient.IsGone(failed) {
						t.Errorf("error = %+v, want class %d and nothing else", failed, want)
					}
				})
			})
		}
	}
}

// TestClassOfDefects covers what can only be a mistake of this side.
func TestClassOfDefects(t *testing.T) {
	t.Parallel()
	twice := written(func(request *http.Request) (*http.Response, error) {
		write(request)
		return success().answer(request)
	})
	for action, run := range actions {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			service := newService(t, twice)
			failed := mayHaveRun(t, run(t.Context(), service.client()))
			if failed.Class != trtcclient.Defect || len(service.requests()) != 1 {
				t.Errorf("error = %+v after %d attempts, want a defect after 1", failed, len(service.requests()))
			}
			err := run(t.Context(), service.client(func(c *trtcclient.Config) { c.Endpoint = cloudapi.Endpoint{} }))
			if expectNotRun(t, err); failure(t, err).Class != trtcclient.Defect {
				t.Errorf("error = %+v, want a defect", err)
			}
		})
	}
}

// TestErrorOfARefusal checks that an Error holds the answer, and what finds it.
func TestErrorOfARefusal(t *testing.T) {
	t.Parallel()
	_, err := newService(t, code("FailedOperation.TaskNotExist")).client().Update(t.Context(), task(), updateInput())
	want := trtcclient.Error{
		Action: updateAction, Class: trtcclient.Gone, Code: trtcclient.CodeTaskNotExist, Message: "No.",
		RequestID: "6c924bfe-0000-0000-0000-000000000002",
	}
	got := failure(t, err)
	if got.Action != want.Action || got.Class != want.Class || got.Code != want.Code || got.Message != want.Message || got.RequestID != want.RequestID {
		t.Errorf("error = %+v, want %+v", got, want)
	}
	for name, c := range map[string]struct {
		err   error
		codes []string
		want  bool
	}{
		"one":          {err: err, codes: []string{want.Code}, want: true},
		"one of two":   {err: err, codes: []string{"C", want.Code}, want: true},
		"wrapped":      {err: fmt.Errorf("wrapped: %w", err), codes: []string{want.Code}, want: true},
		"family":       {err: err, codes: []string{"FailedOperation"}},
		"none":         {err: err},
		"another":      {err: errors.New(want.Code), codes: []string{want.Code}},
		"nothing":      {codes: []string{want.Code}},
		"without code": {err: &trtcclient.Error{}, codes: []string{""}},
		"of another call": {
			err:   &trtcclient.Error{Class: trtcclient.NoCredentials, Err: &cloudapi.APIError{Code: want.Code}},
			codes: []string{want.Code},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := trtcclient.IsError(c.err, c.codes...); got != c.want {
				t.Errorf("IsError(%v, %v) = %v, want %v", c.err, c.codes, got, c.want)
			}
		})
	}
	if !trtcclient.IsGone(err) || !trtcclient.IsGone(fmt.Errorf("wrapped: %w", err)) || trtcclient.IsGone(nil) || trtcclient.IsGone(errors.New("gone")) {
		t.Error("IsGone does not find the class")
	}
}

// TestRequestIDOfARepeatedCall checks that a refusal keeps its RequestId, though
// an attempt before it may have run.
func TestRequestIDOfARepeatedCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, err := newService(t, reset(), code("InvalidAction")).client().Describe(t.Context(), task())
		if failed := mayHaveRun(t, err); failed.Class != trtcclient.Rejected || failed.RequestID != "6c924bfe-0000-0000-0000-000000000002" {
			t.Errorf("error = %+v, want the refusal and its RequestId", failed)
		}
	})
}

// TestErrorTexts checks that an error says what happened to a call that waited.
func TestErrorTexts(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	for want, err := range map[string]*trtcclient.Error{
		"A: no credentials: cause":             {Action: "A", Class: trtcclient.NoCredentials, Err: cause},
		"A: cause before the request was sent": {Action: "A", Class: trtcclient.TimedOut, OutOfTime: true, Err: cause},
		"A: interrupted: cause":                {Action: "A", Class: trtcclient.Interrupted, Code: "C", Err: cause},
		"cause; no time was left for a retry": {Action: "A", Class: trtcclient.ServerFault, OutOfTime: true, Err: cause},
		"cause":                                {Action: "A", Class: trtcclient.ServerFault, Err: cause},
	} {
		if got := err.Error(); got != want || !errors.Is(err, cause) {
			t.Errorf("error = %q, want %q", got, want)
		}
	}
	_, err := newService(t, unsent()).client().Describe(canceledContext(t), task())
	if !strings.Contains(err.Error(), "before the request was sent") {
		t.Errorf("error = %q, want it to say that nothing was sent", err)
	}
}

const expired = "AuthFailure.SignatureExpire"

// dated refuses the signature for its time, with the time of a service whose
// clock is ahead.
func dated(ahead time.Duration) reply {
	return written(func(request *http.Request) (*http.Response, error) {
		response, err := code(expired).answer(request)
		response.Header.Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
		return response, err
	})
}

// TestClockIsCorrectedOnce lets the service refuse signatures for their time. A
// start corrects the clock twice, because another call can be the first.
func TestClockIsCorrectedOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		script   []reply
		requests int
		code     string
		skew     time.Duration
	}{
		"corrected":          {script: []reply{dated(time.Hour), success()}, requests: 2, skew: time.Hour},
		"refused again":      {script: []reply{dated(time.Hour)}, requests: 2, code: expired, skew: time.Hour},
		"another time again": {script: []reply{dated(time.Hour), dated(2 * time.Hour), success()}, requests: 2, code: expired, skew: 2 * time.Hour},
		"the same time":      {script: []reply{dated(0), success()}, requests: 1, code: expired},
		"no time":            {script: []reply{code(expired), success()}, requests: 1, code: expired},
	} {
		for action, run := range actions {
			t.Run(name+"/"+action, func(t *testing.T) {
				t.Parallel()
				c := c
				if action == startAction && name == "another time again" {
					c.requests, c.code = 3, ""
				}
				synctest.Test(t, func(t *testing.T) {
					service := newService(t, c.script...)
					client := service.client()
					err := run(t.Context(), client)
					if (err == nil) != (c.code == "") || err != nil && !trtcclient.IsError(err, c.code) {
						t.Errorf("error = %v, want %q", err, c.code)
					}
					if err != nil {
						expectNotRun(t, err)
					}
					if got := len(service.requests()); got != c.requests {
						t.Errorf("%d requests were sent, want %d", got, c.requests)
					}
					for _, want := range []bool{c.skew != 0, false} {
						if skew, notice := client.ClockNotice(); skew != c.skew || notice != want {
							t.Errorf("ClockNotice = %v, %v, want %v, %v", skew, notice, c.skew, want)
						}
					}
				})
			})
		}
	}
}
