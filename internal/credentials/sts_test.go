package credentials_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
)

func withRole(role credentials.AssumeRole) credentials.Arguments {
	return keysAnd(func(a *credentials.Arguments) { a.AssumeRole = &role })
}

func TestRole_STSFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		responses []http.HandlerFunc
		// calls is how many are made, the last of which succeeds unless fails.
		calls int
		fails bool
	}{
		"bad gateway":            {[]http.HandlerFunc{respond(502, "<html>")}, 2, false},
		"connection lost":        {[]http.HandlerFunc{hangUp, hangUp}, 3, false},
		"rate limit":             {[]http.HandlerFunc{refusal("RequestLimitExceeded.UinLimitExceeded", "m")}, 2, false},
		"rate limit of STS":      {[]http.HandlerFunc{refusal("InvalidParameter.OverLimit", "m")}, 2, false},
		"cut short":              {[]http.HandlerFunc{respond(200, `{"Response":{"Cred`)}, 2, false},
		"no key in the response": {[]http.HandlerFunc{respond(200, `{"Response":{"RequestId":"r"}}`)}, 2, false},
		"bounded":                {[]http.HandlerFunc{hangUp, hangUp, hangUp, hangUp}, 4, true},
		"unknown key":            {[]http.HandlerFunc{refusal("AuthFailure.SecretIdNotFound", "m")}, 1, true},
		"not an InternalError":   {[]http.HandlerFunc{refusal("InternalErrorLike", "m")}, 1, true},
		"not found as a status":  {[]http.HandlerFunc{respond(404, "not here")}, 1, true},
		"redirect":               {[]http.HandlerFunc{redirect}, 1, true},
		"fault, then a refusal":  {[]http.HandlerFunc{hangUp, refusal("AuthFailure", "m")}, 2, true},
		"too many, as a status":  {[]http.HandlerFunc{respond(429, "")}, 2, false},
		"unavailable as a code":  {[]http.HandlerFunc{refusal("ServiceUnavailable", "m")}, 2, false},
		"resource as a code too": {[]http.HandlerFunc{refusal("ResourceUnavailable", "m")}, 2, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			source := machine.resolve(t, withRole(credentials.AssumeRole{RoleARN: "deploy"})).Source
			machine.next(test.responses...)
			_, err := source.Retrieve(t.Context())
			if (err != nil) != test.fails {
				t.Errorf("error = %v, want one: %v", err, test.fails)
			}
			if err != nil && sourceError(t, err).Source != "role deploy from assume_role" {
				t.Errorf("the error names %q", sourceError(t, err).Source)
			}
			if calls := machine.wire(); len(calls) != test.calls {
				t.Errorf("%d calls, want %d", len(calls), test.calls)
			}
			delays := []time.Duration{0, 500 * time.Millisecond, 1500 * time.Millisecond, 3500 * time.Millisecond}
			if slept := machine.clock.Slept(); slept != delays[test.calls-1] {
				t.Errorf("slept %v, want %v", slept, delays[test.calls-1])
			}
		})
	}
}

func redirect(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
}

func TestRole_NoConnection(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	machine.server.Close()
	err := machine.fail(t, machine.resolve(t, withRole(credentials.AssumeRole{RoleARN: "deploy"})).Source)
	var failed *cloudapi.ExchangeError
	if slept := machine.clock.Slept(); !errors.As(err, &failed) || failed.Reason != cloudapi.NoConnection || slept != 3500*time.Millisecond {
		t.Errorf("error = %v after %v, want no connection", err, slept)
	}
}

// issues responds to AssumeRole.
func issues(id string, expires int64) http.HandlerFunc {
	return respond(http.StatusOK, fmt.Sprintf(
		`{"Response":{"Credentials":{"TmpSecretId":%q,"TmpSecretKey":"k","Token":"t"},"ExpiredTime":%d,"RequestId":"r"}}`, id, expires))
}

// TestRole_Renewal checks that a key is renewed after 80 % of its life, which is
// no longer than what was requested: the clocks of this machine and of STS can
// differ.
func TestRole_Renewal(t *testing.T) {
	t.Parallel()
	for life, renewal := range map[time.Duration]time.Duration{1000 * time.Second: 800 * time.Second, 7490 * time.Second: 5760 * time.Second} {
		machine := newWorld(t)
		source := machine.resolve(t, withRole(credentials.AssumeRole{RoleARN: "deploy"})).Source
		machine.next(issues("ID-1", start.Add(life).Unix()), issues("ID-2", start.Add(2*life).Unix()))
		expect(t, source, "ID-1")
		machine.clock.Advance(renewal - time.Second)
		expect(t, source, "ID-1")
		machine.clock.Advance(time.Second)
		expect(t, source, "ID-2")
	}
}

// TestRole_ClockOff checks that the service's time corrects signatures and
// expirations.
func TestRole_ClockOff(t *testing.T) {
	t.Parallel()
	for name, skew := range map[string]time.Duration{"behind": 3 * time.Hour, "ahead": -3 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			service := start.Add(skew)
			expired := func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Date", service.Format(http.TimeFormat))
				refusal("AuthFailure.SignatureExpire", "m")(w, r)
			}
			environment := machine.environment()
			environment.API = cloudapi.NewClient(cloudapi.Config{Transport: machine.transport, Clock: machine.clock})
			resolved, err := credentials.Resolve(withRole(credentials.AssumeRole{RoleARN: "deploy"}), environment)
			if err != nil {
				t.Fatal(err)
			}
			machine.next(expired, issues("ID-1", service.Add(2*time.Hour).Unix()))
			expect(t, resolved.Source, "ID-1")
			if got := environment.API.ClockSkew(); got != skew {
				t.Errorf("the shared client has the skew %v, want %v", got, skew)
			}
			machine.clock.Advance(95 * time.Minute)
			expect(t, resolved.Source, "ID-1")
			machine.next(issues("ID-2", service.Add(4*time.Hour).Unix()))
			machine.clock.Advance(2 * time.Minute)
			expect(t, resolved.Source, "ID-2")
			if calls := machine.wire(); len(calls) != 3 {
				t.Errorf("calls %v", calls)
			}
		})
	}
}
