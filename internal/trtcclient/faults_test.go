package trtcclient_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// faults are the ways in which an exchange can fail, with the class of the failed
// call. Package cloudapi tests which responses and errors have which reason.
var faults = map[string]struct {
	reply   reply
	outcome cloudapi.Outcome
	reason  cloudapi.Reason // if there is no readable response
	code    string          // if the service refuses the call
	class   trtcclient.Class
}{
	"no connection":            {unsent(), cloudapi.NotSent, cloudapi.NoConnection, "", trtcclient.Unreachable},
	"slow connection":          {stall(), cloudapi.NotSent, cloudapi.TimedOut, "", trtcclient.Unreachable},
	"proxy without TLS":        {fail(false, &net.OpError{Op: "proxyconnect", Err: tls.RecordHeaderError{}}), cloudapi.NotSent, cloudapi.ProxyInvalid, "", trtcclient.Blocked},
	"proxy that refuses":       {fail(false, refusalOfProxy()), cloudapi.NotSent, cloudapi.ProxyRefused, "", trtcclient.Blocked},
	"untrusted certificate":    {fail(false, &tls.CertificateVerificationError{Err: errors.New("expired")}), cloudapi.NotSent, cloudapi.Untrusted, "", trtcclient.Blocked},
	"no common TLS version":    {unshaken(), cloudapi.NotSent, cloudapi.TLSRefused, "", trtcclient.Blocked},
	"connection reset":         {reset(), cloudapi.Ambiguous, cloudapi.ConnectionLost, "", trtcclient.NoAnswer},
	"no HTTP":                  {fail(true, errors.New("malformed HTTP response "+canaryBody)), cloudapi.Ambiguous, cloudapi.ConnectionLost, "", trtcclient.NoAnswer},
	"no response in time":      {hang(), cloudapi.Ambiguous, cloudapi.TimedOut, "", trtcclient.NoAnswer},
	"body that never ends":     {endless(), cloudapi.Ambiguous, cloudapi.TimedOut, "", trtcclient.NoAnswer},
	"too large":                {body(200, goodResponse+strings.Repeat(" ", cloudapi.MaxBodyBytes)), cloudapi.Ambiguous, cloudapi.TooLarge, "", trtcclient.NoAnswer},
	"half of the JSON":         {body(200, goodResponse[:30]), cloudapi.Ambiguous, cloudapi.Unreadable, "", trtcclient.NoAnswer},
	"empty response":           {body(200, `{"Response":{}}`), cloudapi.Ambiguous, cloudapi.Unreadable, "", trtcclient.NoAnswer},
	"redirect":                 {body(307, ""), cloudapi.Ambiguous, cloudapi.Redirected, "", trtcclient.ForeignAnswer},
	"status 404":               {body(404, "<html>"+canaryBody), cloudapi.Ambiguous, cloudapi.BadStatus, "", trtcclient.ForeignAnswer},
	"status 429":               {body(429, ""), cloudapi.Ambiguous, cloudapi.BadStatus, "", trtcclient.NoAnswer},
	"status 502":               {body(502, "<html>"+canaryBody), cloudapi.Ambiguous, cloudapi.BadStatus, "", trtcclient.NoAnswer},
	"request written twice":    {twice(), cloudapi.Ambiguous, cloudapi.SentTwice, "", trtcclient.Defect},
	"service unavailable":      {code("ServiceUnavailable"), cloudapi.Refused, "", "ServiceUnavailable", trtcclient.NoAnswer},
	"server fault":             {code("InternalError.DBError"), cloudapi.Refused, "", "InternalError.DBError", trtcclient.ServerFault},
	"no capacity":              {code("ResourceInsufficient.RequestRejection"), cloudapi.Refused, "", "ResourceInsufficient.RequestRejection", trtcclient.NoCapacity},
	"task exists":              {code(trtcclient.CodeTaskExist), cloudapi.Refused, "", trtcclient.CodeTaskExist, trtcclient.Conflict},
	"task has ended":           {code(trtcclient.CodeTaskFinished), cloudapi.Refused, "", trtcclient.CodeTaskFinished, trtcclient.Gone},
	"task cannot be read":      {code(trtcclient.CodeQueryTaskInfoFailed), cloudapi.Refused, "", trtcclient.CodeQueryTaskInfoFailed, trtcclient.Unread},
	"wrong signature":          {code("AuthFailure.SignatureFailure"), cloudapi.Refused, "", "AuthFailure.SignatureFailure", trtcclient.Rejected},
	"wrong clock, no date":     {code(expired), cloudapi.Refused, "", expired, trtcclient.Rejected},
	"wrong ticket":             {code("InvalidParameter.UserSig"), cloudapi.Refused, "", "InvalidParameter.UserSig", trtcclient.Rejected},
	"a code that nobody knows": {code("Surprise.OfTheYear"), cloudapi.Refused, "", "Surprise.OfTheYear", trtcclient.Rejected},
}

// policies are the waits before the retries of a call that always fails in the same
// way. A class without an entry is not retried.
var policies = map[trtcclient.Class]struct{ start, others []pause }{
	trtcclient.Unreachable: {start: upTo(1, 2, 4, 8), others: upTo(1, 2, 4, 8)},
	trtcclient.ServerFault: {start: about(3, 6, 12), others: upTo(1, 2, 4, 8, 8, 8, 8)},
	trtcclient.Unread:      {others: upTo(1, 2, 4, 8, 8, 8, 8)},
	trtcclient.NoAnswer:    {others: upTo(1, 2, 4, 8, 8, 8, 8)},
	trtcclient.NoCapacity:  {start: upTo(2, 4, 8), others: upTo(2, 4, 8)},
	trtcclient.Conflict:    {start: about(1, 2, 4, 4, 4)},
}

// TestFaults checks for each fault and action how many attempts are made and when,
// what is observed of them, and what the error says.
func TestFaults(t *testing.T) {
	t.Parallel()
	for name, fault := range faults {
		forEachAction(t, name, func(t *testing.T, action string, run func(context.Context, *trtcclient.Client) error) {
			const timeout = 10 * time.Second
			begun, service := time.Now(), newService(t, fault.reply)
			err := run(t.Context(), service.client(func(c *trtcclient.Config) { c.AttemptTimeout = timeout }))

			mayHaveRun := fault.outcome == cloudapi.Ambiguous || fault.class == trtcclient.ServerFault || fault.class == trtcclient.NoAnswer
			failed := expectRun(t, err, mayHaveRun)
			if failed.Action != action || failed.Class != fault.class || failed.Reason != fault.reason || failed.Code != fault.code || failed.OutOfTime {
				t.Errorf("error = %+v, want class %d, reason %q, code %q", failed, fault.class, fault.reason, fault.code)
			}
			if mayHaveRun && !failed.Since.Equal(begun) {
				t.Errorf("since %v, want the first attempt, at %v", failed.Since, begun)
			}
			waits := policies[fault.class].others
			if action == startAction {
				waits = policies[fault.class].start
			}
			if fault.reason == cloudapi.TimedOut {
				waits = shifted(waits, timeout)
			}
			expectPauses(t, service.gaps(), waits)

			want := trtcclient.Attempt{
				Action: action, Region: region, Host: international.Host, TaskID: "task-1",
				Outcome: fault.outcome, MayHaveRun: mayHaveRun, Code: fault.code, Fault: string(fault.reason),
			}
			if action == startAction {
				want.TaskID = ""
			}
			if fault.code != "" {
				want.RequestID = refusedID
			}
			for i, attempt := range service.attempts {
				want.Number = i + 1
				if diff := cmp.Diff(want, attempt, cmpopts.IgnoreFields(want, "Waited", "Took")); diff != "" {
					t.Errorf("attempt %d (-want +got):\n%s", i+1, diff)
				}
			}
			if len(service.attempts) != len(waits)+1 || failed.RequestID != want.RequestID {
				t.Errorf("%d attempts, RequestId %q, want %d, %q", len(service.attempts), failed.RequestID, len(waits)+1, want.RequestID)
			}
			expectNoCanary(t, err)
			expectNoCanary(t, service.attempts)
		})
	}
}

// canaryBody is a part of responses that no error may quote.
const canaryBody = "canary-response-body"

// refusalOfProxy returns the error of a transport whose proxy requires a password.
func refusalOfProxy() error {
	return cloudapi.NewTransport().OnProxyConnectResponse(context.Background(), nil, nil, &http.Response{StatusCode: http.StatusProxyAuthRequired})
}

// unshaken fails in the TLS handshake.
func unshaken() reply {
	return reply{respond: func(request *http.Request) (*http.Response, error) {
		err := tls.AlertError(70) // the protocol version
		httptrace.ContextClientTrace(request.Context()).TLSHandshakeDone(tls.ConnectionState{}, err)
		return nil, err
	}}
}

// twice responds to a request that is written twice.
func twice() reply {
	return reply{true, func(request *http.Request) (*http.Response, error) {
		write(request)
		return body(http.StatusOK, "{}").respond(request)
	}}
}

// endless responds with a body that never ends.
func endless() reply {
	return reply{true, func(request *http.Request) (*http.Response, error) {
		return answer(http.StatusOK, io.MultiReader(strings.NewReader(goodResponse[:40]), untilDone{request.Context()}), request), nil
	}}
}

// untilDone is a reader that blocks until its context ends.
type untilDone struct{ context.Context }

func (u untilDone) Read([]byte) (int, error) {
	<-u.Done()
	return 0, u.Err()
}

// pause is the range of a wait.
type pause struct{ least, most time.Duration }

// upTo returns waits anywhere below their bounds, in seconds.
func upTo(seconds ...float64) []pause { return pauses(0, seconds) }

// about returns waits at most a tenth below their bounds, in seconds.
func about(seconds ...float64) []pause { return pauses(0.9, seconds) }

func pauses(share float64, seconds []float64) []pause {
	all := make([]pause, 0, len(seconds))
	for _, most := range seconds {
		bound := time.Duration(most * float64(time.Second))
		all = append(all, pause{least: time.Duration(share * float64(bound)), most: bound})
	}
	return all
}

func shifted(all []pause, by time.Duration) []pause {
	moved := make([]pause, 0, len(all))
	for _, p := range all {
		moved = append(moved, pause{least: p.least + by, most: p.most + by})
	}
	return moved
}

// slot is the time between two requests that the pacer lets through; it can add to
// a wait.
const slot = time.Second / 19

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
