package conformance

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

func TestAnswerValue(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		got  answer
		want string
	}{
		{answer{}, success},
		{answer{taskID: "canary"}, success},
		{answer{status: inProgress}, inProgress},
		{answer{status: notExist}, notExist},
		{answer{status: "canary"}, unlistedStatus},
		{answer{code: "FailedOperation.TaskExist"}, "FailedOperation.TaskExist"},
		{answer{code: "InvalidAction"}, "InvalidAction"},
		{answer{code: noEnvelope}, noEnvelope},
		{answer{code: "FailedOperation.App1400000001"}, unlistedCode},
		{answer{code: "FailedOperation."}, unlistedCode},
		{answer{code: "AKIDcanary"}, unlistedCode},
		{answer{code: "FailedOperation.tf-live-1"}, unlistedCode},
		{answer{code: "FailedOperation." + strings.Repeat("A", 60)}, unlistedCode},
		{answer{code: "FailedOperation.A.B.C"}, unlistedCode},
	} {
		if value := test.got.value(); value != test.want {
			t.Errorf("%+v is recorded as %q, want %q", test.got, value, test.want)
		}
	}
}

func TestReadAnswer(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]answer{
		`{"Response":{"Status":"InProgress","RequestId":"r"}}`:               {status: inProgress, http: 200},
		`{"Response":{"TaskId":"T","RequestId":"r"}}`:                        {taskID: "T", http: 200},
		`{"Response":{"Error":{"Code":"InvalidAction","Message":"canary"}}}`: {code: "InvalidAction", http: 200},
		`<html>`:      {code: noEnvelope, http: 200},
		`null`:        {code: noEnvelope, http: 200},
		`{"other":1}`: {code: noEnvelope, http: 200},
	} {
		got := readAnswer(&http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body))})
		if got != want {
			t.Errorf("%s: %+v, want %+v", body, got, want)
		}
	}
}

// A token is sent only with its own key.
func TestExchange_Token(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t, false, nil)
	e.config.Credentials = staticKey{SecretID: secret.New(testSecretID), SecretKey: secret.New(testSecretKey), Token: secret.New("token")}
	var sent []string
	e.config.Transport = roundTripper(func(r *http.Request) { sent = append(sent, r.Header.Get("X-TC-Token")) })
	run, err := New(e.config)
	if err != nil {
		t.Fatal(err)
	}
	given := func(x *exchange) { x.token = "given" }
	for _, changes := range [][]func(*exchange){nil, {unknownKey}, {unsigned}, {given}} {
		_, _ = run.exchange(t.Context(), changes...)
	}
	if want := []string{"token", "", "", "given"}; !slices.Equal(sent, want) {
		t.Errorf("tokens %q, want %q", sent, want)
	}
}

func TestTransient(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"RequestLimitExceeded": true, "InternalError.DBError": true, "ResourceInsufficient.RequestRejection": true, "ResourceUnavailable": true,
		"LimitExceeded": false, "FailedOperation.TaskExist": false, "InternalErrors": false, "FailedOperation.RestrictedConcurrency": false,
	} {
		if isTransient(code) != want {
			t.Errorf("%s is transient: %v", code, !want)
		}
	}
}

// An error that reaches the output quotes nothing of the exchange.
func TestExchangeErrorsQuoteNothing(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t, false, nil)
	e.config.Transport = roundTripper(func(*http.Request) {})
	run, err := New(e.config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.exchange(t.Context()); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("exchange: %v", err)
	}
}

// roundTripper shows each request and fails.
type roundTripper func(*http.Request)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	f(r)
	return nil, errors.New("canary")
}
