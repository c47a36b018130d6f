package trtcclient_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

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

// TestErrorTexts checks that an error says what happened to a call that waited.
func TestErrorTexts(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	for want, err := range map[string]*trtcclient.Error{
		"A: no credentials: cause":             {Action: "A", Class: trtcclient.NoCredentials, Err: cause},
		"A: cause before the request was sent": {Action: "A", Class: trtcclient.TimedOut, OutOfTime: true, Err: cause},
		"A: interrupted: cause":                {Action: "A", Class: trtcclient.Interrupted, Code: "C", Err: cause},
		"cause; no time was left to repeat it": {Action: "A", Class: trtcclient.ServerFault, OutOfTime: true, Err: cause},
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

// TestRequestIDOfARefusalAfterALostAnswer checks that an error with a code has
// the RequestId of that answer, also when an earlier answer was lost.
func TestRequestIDOfARefusalAfterALostAnswer(t *testing.T) {
	t.Parallel()
	service := newService(t, body(http.StatusBadGateway, "<html>"), code("UnauthorizedOperation"))
	_, err := service.client().Describe(t.Context(), task())
	if got := failure(t, err); got.Code != "UnauthorizedOperation" || got.RequestID != "6c924bfe-0000-0000-0000-000000000002" {
		t.Errorf("error = %+v, want the RequestId of the refusal", got)
	}
}
