package conformance

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
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

// The raw exchange signs as the signing core does: the mock takes both, and a
// token is sent only with its own key.
func TestExchangeWithToken(t *testing.T) {
	t.Parallel()
	credential := cloudapi.Credential{SecretID: "id", SecretKey: secret.New("key"), Token: secret.New("token")}
	run := &Run{config: Config{Region: "ap-singapore"}}
	for name, test := range map[string]struct {
		x    exchange
		want string
	}{
		"own key":     {exchange{}, "token"},
		"another key": {exchange{secretID: "other"}, ""},
		"unsigned":    {exchange{unsigned: true}, ""},
		"given":       {exchange{token: "given"}, "given"},
	} {
		if got := test.x.withDefaults(run, credential).token; got != test.want {
			t.Errorf("%s: token %q, want %q", name, got, test.want)
		}
	}
}

// The example of the signature's documentation, with another service.
func TestSignIsStable(t *testing.T) {
	t.Parallel()
	x := exchange{method: "POST", contentType: "application/json", service: "trtc", secretID: "id", secretKey: "key", body: []byte("{}")}
	at := time.Unix(1551113065, 0)
	first, second := x.sign("trtc.example", at), x.sign("trtc.example", at)
	if first != second || !strings.HasPrefix(first, "TC3-HMAC-SHA256 Credential=id/2019-02-25/trtc/tc3_request, SignedHeaders=content-type;host, Signature=") {
		t.Errorf("%s, then %s", first, second)
	}
	if other := x.sign("trtc.example", at.Add(time.Second)); other == first {
		t.Error("the signature does not depend on the time")
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
	e.config.Transport = failing{}
	run, err := New(e.config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.exchange(t.Context(), exchange{}); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("exchange: %v", err)
	}
}

type failing struct{}

func (failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("canary") }
