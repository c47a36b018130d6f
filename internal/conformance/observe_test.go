package conformance

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// TestRawCall_Value checks that only listed codes and statuses are recorded: other text
// could identify an account.
func TestRawCall_Value(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t, false, nil)
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
		refused("Canary.TaskExist"):                            unlistedCode,
		refused("FailedOperation.A.B.C"):                       unlistedCode,
		refused("FailedOperation.App1400000001"):               unlistedCode,
	} {
		e.config.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body))}, nil
		})
		if got, err := e.newRun(t).sendRaw(t.Context()); err != nil || got.value() != want {
			t.Errorf("%s is recorded as %q, want %q (%v)", body, got.value(), want, err)
		}
	}
	e.config.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody}, nil
	})
	if got, err := e.newRun(t).sendRaw(t.Context()); err != nil || got.value() != "HTTP 404" {
		t.Errorf("status 404 is recorded as %q (%v)", got.value(), err)
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

// TestRawCall_Token checks that a token is sent only with its own key.
func TestRawCall_Token(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t, false, nil)
	e.config.Credentials = staticKey{SecretID: secret.New(testSecretID), SecretKey: secret.New(testSecretKey), Token: secret.New("token")}
	var sent []string
	e.config.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		sent = append(sent, r.Header.Get("X-TC-Token"))
		return nil, http.ErrServerClosed
	})
	run := e.newRun(t)
	given := func(x *rawCall) { x.credential.Token = secret.New("given") }
	for _, changes := range [][]func(*rawCall){nil, {unknownKey}, {unsigned}, {given}} {
		if _, err := run.sendRaw(t.Context(), changes...); err == nil {
			t.Error("a response without a service")
		}
	}
	if want := []string{"token", "", "", "given"}; !slices.Equal(sent, want) {
		t.Errorf("tokens %q, want %q", sent, want)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
