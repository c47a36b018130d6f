package trtcclient_test

import (
	"context"
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

// TestLostStartIsNeverRepeated covers every way in which a start can end
// without proof that it did not run.
func TestLostStartIsNeverRepeated(t *testing.T) {
	t.Parallel()
	for name, failure := range failures {
		lost := failure.class == trtcclient.Lost || name == "redirect" || name == "page with status 404"
		if !lost {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				service := newService(t, failure.reply, success())
				taskID, err := service.client().Start(t.Context(), region, startInput())
				start := ambiguous(t, err)
				if got := len(service.requests()); got != 1 || taskID != "" {
					t.Errorf("%d requests were sent and gave %q, want 1 and nothing", got, taskID)
				}
				want := trtcclient.AmbiguousStartError{
					Region: region, SdkAppID: sdkAppID, RoomID: "1001", UserID: "robot-1", At: begun, RequestID: start.RequestID, Err: start.Err,
				}
				if *start != want {
					t.Errorf("error = %+v, want %+v", *start, want)
				}
				for _, part := range []string{"1001", fmt.Sprint(sdkAppID), "robot-1", start.Err.Error()} {
					if !strings.Contains(err.Error(), part) {
						t.Errorf("error = %q, want it to name %q", err, part)
					}
				}
			})
		})
	}
}

// TestStartThatDidNotRunIsNoSuspect covers the ways to fail that prove it.
func TestStartThatDidNotRunIsNoSuspect(t *testing.T) {
	t.Parallel()
	for name, failure := range failures {
		if failure.class == trtcclient.Lost || failure.class == trtcclient.Faulty || name == "redirect" || name == "page with status 404" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, err := newService(t, failure.reply).client().Start(t.Context(), region, startInput())
				notAmbiguous(t, err)
			})
		})
	}
}

func TestStartIsRepeatedWhenTheServiceAsksForIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := newService(t, code("InternalError"), code("InternalError.HttpParseFailed"), success())
		taskID, err := service.client().Start(t.Context(), region, startInput())
		if err != nil || taskID != "task-1" {
			t.Errorf("Start = %q, %v, want the TaskId", taskID, err)
		}
		expectPauses(t, service.gaps(), about(3, 6))
	})
}

// TestSuspectStartStaysSuspect checks that no later failure, however harmless,
// hides that an earlier attempt may have run.
func TestSuspectStartStaysSuspect(t *testing.T) {
	t.Parallel()
	const second = "6c924bfe-0000-0000-0000-000000000099"
	cases := map[string]struct {
		script   []reply
		requests int
		id       string // RequestId of the latest suspect
	}{
		"InternalError to the end": {script: []reply{code("InternalError")}, requests: 4},
		"then a task exists":       {script: []reply{code("InternalError"), code(trtcclient.CodeTaskExist)}, requests: 2},
		"then a wrong ticket":      {script: []reply{code("InternalError"), code("InvalidParameter.UserSig")}, requests: 2},
		"then no connection":       {script: []reply{code("InternalError"), unsent}, requests: 6},
		"then a lost connection":   {script: []reply{code("InternalError"), reset}, requests: 2},
		"then ServiceUnavailable":  {script: []reply{code("InternalError"), code("ServiceUnavailable")}, requests: 2},
		"then an answer of another ID": {
			script:   []reply{code("InternalError"), body(http.StatusOK, `{"Response":{"RequestId":"`+second+`"}}`)},
			requests: 2, id: second,
		},
		"after a harmless one": {script: []reply{unsent, code("InternalError"), code("InvalidAction")}, requests: 3},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := newService(t, c.script...)
				_, err := service.client().Start(t.Context(), region, startInput())
				start := ambiguous(t, err)
				if got := len(service.requests()); got != c.requests {
					t.Errorf("%d requests were sent, want %d", got, c.requests)
				}
				want := c.id
				if want == "" {
					want = "6c924bfe-0000-0000-0000-000000000002"
				}
				if start.RequestID != want {
					t.Errorf("RequestId = %q, want %q", start.RequestID, want)
				}
				first := 0
				if name == "after a harmless one" {
					first = 1
				}
				if at := service.requests()[first].at; !start.At.Equal(at) {
					t.Errorf("At = %v, want %v, when the first suspect was sent", start.At, at)
				}
			})
		})
	}
}

// TestTaskExistAfterInternalErrorIsToldAtOnce keeps the call from waiting for
// the end of the task that it most likely started itself.
func TestTaskExistAfterInternalErrorIsToldAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := newService(t, code("InternalError"), code(trtcclient.CodeTaskExist), success())
		_, err := service.client().Start(t.Context(), region, startInput())
		if start := ambiguous(t, err); !trtcclient.IsError(start.Err, trtcclient.CodeTaskExist) {
			t.Errorf("cause = %v, want %s", start.Err, trtcclient.CodeTaskExist)
		}
		expectPauses(t, service.gaps(), about(3))
	})
}

// keysOnce has a key for the first attempt only.
type keysOnce struct {
	keys

	err  error
	used bool
}

func (k *keysOnce) Retrieve(context.Context) (cloudapi.Credential, error) {
	if k.used {
		return cloudapi.Credential{}, k.err
	}
	k.used = true
	return k.Credential, nil
}

func TestSuspectStartWithoutAKeyToRepeatIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		expired := errors.New("expired")
		service := newService(t, code("InternalError"))
		client := service.client(func(c *trtcclient.Config) { c.Credentials = &keysOnce{keys: canaryKeys(), err: expired} })
		_, err := client.Start(t.Context(), region, startInput())
		if start := ambiguous(t, err); !errors.Is(err, expired) || start.RequestID == "" {
			t.Errorf("error = %+v, want the cause and the RequestId of the suspect", start)
		}
	})
}

// brokenKeys is a credential source that fails in some way.
type brokenKeys struct{ err error }

func (k brokenKeys) Retrieve(context.Context) (cloudapi.Credential, error) {
	return cloudapi.Credential{}, k.err
}

// TestLostCallForAKeyIsNoLostStart lets the credential source fail with the
// errors of a call of its own.
func TestLostCallForAKeyIsNoLostStart(t *testing.T) {
	t.Parallel()
	for name, cause := range map[string]error{
		"ambiguous":     &cloudapi.ExchangeError{Action: "AssumeRole", Outcome: cloudapi.Ambiguous, Reason: cloudapi.TimedOut},
		"not sent":      &cloudapi.ExchangeError{Action: "AssumeRole", Outcome: cloudapi.NotSent},
		"InternalError": &cloudapi.APIError{Action: "AssumeRole", Code: "InternalError"},
		"throttled":     &cloudapi.APIError{Action: "AssumeRole", Code: "RequestLimitExceeded"},
		"anything":      errors.New("no file"),
	} {
		for action, run := range actions {
			t.Run(action+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					begun := time.Now()
					service := newService(t, success())
					client := service.client(func(c *trtcclient.Config) { c.Credentials = brokenKeys{err: cause} })
					err := run(t.Context(), client)
					notAmbiguous(t, err)
					var missing *trtcclient.CredentialError
					if !errors.As(err, &missing) || missing.Action != action || !errors.Is(err, cause) || trtcclient.ClassOf(err) != trtcclient.Final {
						t.Errorf("error = %#v, want a CredentialError with the cause", err)
					}
					if !strings.Contains(err.Error(), cause.Error()) || !strings.Contains(err.Error(), action) {
						t.Errorf("error = %q, want action and cause named", err)
					}
					if len(service.requests()) != 0 || time.Since(begun) != 0 {
						t.Errorf("%d requests were sent, and the call took %v", len(service.requests()), time.Since(begun))
					}
				})
			})
		}
	}
}
