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

// TestReadResponse checks that only listed codes and statuses are recorded: other text
// could identify an account.
func TestReadResponse(t *testing.T) {
	t.Parallel()
	refused := func(code string) string {
		return `{"Response":{"Error":{"Code":"` + code + `","Message":"canary"},"RequestId":"r"}}`
	}
	for body, want := range map[string]string{
		`{"Response":{"RequestId":"r"}}`:                       success,
		`{"Response":{"TaskId":"canary"}}`:                     success,
		`{"Response":{"Status":"InProgress","RequestId":"r"}}`: inProgress,
		`{"Response":{"Status":"NotExist"}}`:                   notExist,
		`{"Response":{"Status":"canary"}}`:                     unlistedStatus,
		`<html>`:                                               noEnvelope,
		`null`:                                                 noEnvelope,
		`{"other":1}`:                                          noEnvelope,
		refused("FailedOperation.TaskExist"):                   "FailedOperation.TaskExist",
		refused("InvalidAction"):                               "InvalidAction",
		refused("FailedOperation.App1400000001"):               unlistedCode,
		refused("FailedOperation."):                            unlistedCode,
		refused("AKIDcanary"):                                  unlistedCode,
		refused("FailedOperation.tf-live-1"):                   unlistedCode,
		refused("FailedOperation." + strings.Repeat("A", 60)):  unlistedCode,
		refused("FailedOperation.A.B.C"):                       unlistedCode,
	} {
		got := readResponse(&http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body))})
		if got.value() != want {
			t.Errorf("%s is recorded as %q, want %q", body, got.value(), want)
		}
	}
	if got := readResponse(&http.Response{StatusCode: http.StatusNotFound}).value(); got != "HTTP 404" {
		t.Errorf("status 404 is recorded as %q", got)
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

// TestExchange_Token checks that a token is sent only with its own key, and that an
// error does not quote the exchange.
func TestExchange_Token(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t, false, nil)
	e.config.Credentials = staticKey{SecretID: secret.New(testSecretID), SecretKey: secret.New(testSecretKey), Token: secret.New("token")}
	var sent []string
	e.config.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		sent = append(sent, r.Header.Get("X-TC-Token"))
		return nil, errors.New("canary")
	})
	run := e.newRun(t)
	given := func(x *exchange) { x.token = "given" }
	for _, changes := range [][]func(*exchange){nil, {unknownKey}, {unsigned}, {given}} {
		if _, err := run.exchange(t.Context(), changes...); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("exchange: %v", err)
		}
	}
	if want := []string{"token", "", "", "given"}; !slices.Equal(sent, want) {
		t.Errorf("tokens %q, want %q", sent, want)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
