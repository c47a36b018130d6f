package trtcclient_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// TestLostStartIsNeverRepeated covers every way in which a start can end
// without proof that it did not run.
func TestLostStartIsNeverRepeated(t *testing.T) {
	t.Parallel()
	for name, failure := range failures {
		if failure.class != trtcclient.NoAnswer && failure.class != trtcclient.ForeignAnswer {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				service := newService(t, failure.reply, success())
				taskID, err := startTask(t.Context(), service.client(), startInput())
				start := mayHaveRun(t, err)
				if got := len(service.requests()); got != 1 || taskID != "" {
					t.Errorf("%d requests were sent and gave %q, want 1 and nothing", got, taskID)
				}
				if start.Action != startAction || !start.Since.Equal(begun) || start.Err == nil {
					t.Errorf("error = %+v, want a start sent at %v and its cause", start, begun)
				}
			})
		})
	}
}

// TestStartThatDidNotRunIsNotReported covers the ways to fail that prove it.
func TestStartThatDidNotRunIsNotReported(t *testing.T) {
	t.Parallel()
	for name, failure := range failures {
		if failure.class == trtcclient.NoAnswer || failure.class == trtcclient.ServerFault || failure.class == trtcclient.ForeignAnswer || failure.succeeds {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, err := startTask(t.Context(), newService(t, failure.reply).client(), startInput())
				expectNotRun(t, err)
			})
		})
	}
}

func TestStartIsRepeatedWhenTheServiceAsksForIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := newService(t, code("InternalError"), code("InternalError.HttpParseFailed"), success())
		taskID, err := startTask(t.Context(), service.client(), startInput())
		if err != nil || taskID != "task-1" {
			t.Errorf("Start = %q, %v, want the TaskId", taskID, err)
		}
		expectPauses(t, service.gaps(), about(3, 6))
	})
}

// TestStartThatMayHaveRunStaysReported checks that no later failure, however harmless,
// hides that an earlier attempt may have run.
func TestStartThatMayHaveRunStaysReported(t *testing.T) {
	t.Parallel()
	const second = "6c924bfe-0000-0000-0000-000000000099"
	cases := map[string]struct {
		script   []reply
		requests int
		id       string // RequestId of the latest that may have run
	}{
		"InternalError to the end": {script: []reply{code("InternalError")}, requests: 4},
		"then a task exists":       {script: []reply{code("InternalError"), code(trtcclient.CodeTaskExist)}, requests: 2},
		"then a wrong ticket":      {script: []reply{code("InternalError"), code("InvalidParameter.UserSig")}, requests: 2},
		"then no connection":       {script: []reply{code("InternalError"), unsent()}, requests: 6},
		"then a lost connection":   {script: []reply{code("InternalError"), reset()}, requests: 2},
		"then ServiceUnavailable":  {script: []reply{code("InternalError"), code("ServiceUnavailable")}, requests: 2},
		"then an answer of another ID": {
			script:   []reply{code("InternalError"), body(http.StatusOK, `{"Response":{"RequestId":"`+second+`"}}`)},
			requests: 2, id: second,
		},
		"after a harmless one": {script: []reply{unsent(), code("InternalError"), code("InvalidAction")}, requests: 3},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := newService(t, c.script...)
				_, err := startTask(t.Context(), service.client(), startInput())
				start := mayHaveRun(t, err)
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
				if at := service.requests()[first].at; !start.Since.Equal(at) {
					t.Errorf("Since = %v, want %v, when the first that may have run was sent", start.Since, at)
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
		_, err := startTask(t.Context(), service.client(), startInput())
		if start := mayHaveRun(t, err); start.Class != trtcclient.Conflict || start.Code != trtcclient.CodeTaskExist {
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

func TestStartThatMayHaveRunWithoutAKeyToRepeatIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		expired := errors.New("expired")
		service := newService(t, code("InternalError"))
		client := service.client(func(c *trtcclient.Config) { c.Credentials = &keysOnce{keys: canaryKeys(), err: expired} })
		_, err := startTask(t.Context(), client, startInput())
		if start := mayHaveRun(t, err); !errors.Is(err, expired) || start.RequestID == "" {
			t.Errorf("error = %+v, want the cause and the RequestId of the first", start)
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
					expectNotRun(t, err)
					if missing := expectClass(t, err, action, trtcclient.NoCredentials); !errors.Is(err, cause) || missing.Code != "" {
						t.Errorf("error = %#v, want the cause and no code", err)
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

func TestHoldersOfSecretsShowNone(t *testing.T) {
	t.Parallel()
	start, update, client := startInput(), updateInput(), newService(t, success()).client()
	if _, err := startTask(t.Context(), client, start); err != nil {
		t.Fatal(err)
	}
	_, tickets := canaryTickets(t.Context())
	for name, value := range map[string]any{
		"tickets": tickets, "pointer to tickets": &tickets, "start": start, "pointer to start": &start, "update": update, "pointer to update": &update, "client": client,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var text strings.Builder
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
				fmt.Fprintf(&text, verb+"\n", value)
			}
			if encoded, err := json.Marshal(value); err == nil {
				text.Write(encoded)
			}
			var log bytes.Buffer
			slog.New(slog.NewTextHandler(&log, nil)).Info("m", "value", value)
			slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "value", value)
			text.Write(log.Bytes())
			for _, hidden := range []string{"canary", fmt.Sprintf("%x", "canary")} {
				if strings.Contains(text.String(), hidden) {
					t.Errorf("a secret is shown:\n%s", text.String())
				}
			}
		})
	}
}

// TestMessagesQuoteNoSecret lets the service quote what a start or update
// carries, as a whole or in parts.
func TestMessagesQuoteNoSecret(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ address, quoted, want string }{
		"login ticket":      {address: "https://example.com", quoted: "The UserSig " + canaryUserSig + " has expired.", want: "The UserSig (redacted) has expired."},
		"entry ticket":      {address: "https://example.com", quoted: canaryMapKey, want: "(redacted)"},
		"password":          {address: "https://user:canary@example.com/a", quoted: "user canary", want: "user (redacted)"},
		"escaped password":  {address: "https://user:%2Fcanary@example.com/a", quoted: "/canary %2Fcanary", want: "(redacted) (redacted)"},
		"user alone":        {address: "https://canary@example.com/a", quoted: "user canary", want: "user (redacted)"},
		"query":             {address: "https://example.com/a?sign=canary", quoted: "at sign=canary", want: "at (redacted)"},
		"value":             {address: "https://example.com/a?n=1&sign=canary", quoted: "1 sign, canary", want: "1 sign, (redacted)"},
		"escaped value":     {address: "https://example.com/a?sign=%2Fcanary", quoted: "/canary %2Fcanary", want: "(redacted) (redacted)"},
		"value not escaped": {address: "https://example.com/a?sign=%zzcanary", quoted: "%zzcanary", want: "(redacted)"},
		"path":              {address: "rtmp://example.com/canary-stream-key", quoted: "not rtmp://example.com/canary-stream-key.", want: "not (redacted)."},
		"part of the path":  {address: "rtmp://example.com/canary-stream-key", quoted: "key canary-stream-key is old", want: "key (redacted) is old"},
		"what is no URL":    {address: "rtmp://a/%zz canary", quoted: "rtmp://a/%zz canary", want: "(redacted)"},
		"escaped for JSON":  {address: "https://example.com/a?b=1&c=canary", quoted: `https://example.com/a?b=1\u0026c=canary`, want: "https://example.com/a?(redacted)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			encoded, err := json.Marshal(c.quoted)
			if err != nil {
				t.Fatal(err)
			}
			answer := `{"Response":{"Error":{"Code":"InvalidParameter","Message":` + string(encoded) + `}}}`
			client := newService(t, body(200, answer)).client()
			start, update := startInput(), updateInput()
			start.StreamURL, update.StreamURL = secret.New(c.address), secret.New(c.address)
			_, err = startTask(t.Context(), client, start)
			expectClean(t, err)
			if want := startAction + ": InvalidParameter: " + c.want; err == nil || err.Error() != want {
				t.Errorf("error = %v, want %s", err, want)
			}
			if strings.HasSuffix(name, "ticket") {
				return // An update carries none.
			}
			_, err = client.Update(t.Context(), task(), update)
			if want := updateAction + ": InvalidParameter: " + c.want; err == nil || err.Error() != want {
				t.Errorf("error = %v, want %s", err, want)
			}
		})
	}
}

// TestTaskIDThatIsNotBelieved covers TaskIds that no terminal shows as they are:
// they name nothing that a user could stop, so the answer counts as lost.
func TestTaskIDThatIsNotBelieved(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		taskID   string // as JSON
		accepted bool
	}{
		"every documented character": {taskID: "AZaz09+-._", accepted: true},
		"other letters":              {taskID: "é房 |`'", accepted: true},
		"longest":                    {taskID: strings.Repeat("a", 512), accepted: true},
		"too long":                   {taskID: strings.Repeat("a", 513)},
		"too long in bytes":          {taskID: strings.Repeat("é", 257)},
		"line break":                 {taskID: `a\nb`},
		"escape":                     {taskID: `a\u001b[31mb`},
		"C1 control":                 {taskID: `a\u009bb`},
		"right-to-left override":     {taskID: `a\u202eb`},
		"isolate":                    {taskID: `a\u2066b`},
		"right-to-left mark":         {taskID: `a\u200fb`},
		"zero-width joiner":          {taskID: `a\u200db`},
		"byte order mark":            {taskID: `\ufeffa`},
		"half a surrogate pair":      {taskID: `a\ud800b`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := newService(t, body(http.StatusOK, `{"Response":{"TaskId":"`+c.taskID+`","RequestId":"r"}}`))
			seen := 0
			started, err := service.client().Start(t.Context(), region, startInput(), canaryTickets, func(string) { seen++ })
			if c.accepted {
				if err != nil || started.TaskID != c.taskID || seen != 1 {
					t.Errorf("Start = %q, %v with %d TaskIds received, want the TaskId and one", started.TaskID, err, seen)
				}
				return
			}
			if failed := mayHaveRun(t, err); failed.Class != trtcclient.NoAnswer || started.TaskID != "" || seen != 0 || len(service.requests()) != 1 {
				t.Errorf("Start = %q, %v with %d TaskIds received, want an answer that is lost", started.TaskID, err, seen)
			}
		})
	}
}

// TestTaskIDIsHandedOverFirst checks the order: the callback before the
// observer, which logs, and before Start returns; also when ctx has ended.
func TestTaskIDIsHandedOverFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var order []string
		service := newService(t, code("InternalError"), slow(5*time.Second, success()))
		client := service.client(func(c *trtcclient.Config) {
			c.Observe = func(_ context.Context, attempt trtcclient.Attempt) {
				order = append(order, fmt.Sprintf("attempt %d, may have run: %v", attempt.Number, attempt.MayHaveRun))
			}
		})
		received := func(taskID string) { order = append(order, taskID) }
		if _, err := client.Start(cancelAfter(t, 5*time.Second), region, startInput(), canaryTickets, received); err != nil {
			t.Fatal(err)
		}
		want := []string{"attempt 1, may have run: true", "task-1", "attempt 2, may have run: false"}
		if difference := cmp.Diff(want, order); difference != "" {
			t.Errorf("order (-want +got):\n%s", difference)
		}
	})
}

// TestEarlierRunIsReported checks that a start that succeeds after an attempt
// that may have run reports that attempt, and no other start does.
func TestEarlierRunIsReported(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		replies []reply
		want    bool
	}{
		"at once":                   {[]reply{success()}, false},
		"after a refusal":           {[]reply{code("RequestLimitExceeded"), success()}, false},
		"after an internal error":   {[]reply{code("InternalError"), code("InternalError"), success()}, true},
		"after no connection":       {[]reply{unsent(), success()}, false},
		"internal error, no TaskId": {[]reply{code("InternalError"), code("FailedOperation.NotAllowed")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				started, _ := newService(t, test.replies...).client().Start(t.Context(), region, startInput(), canaryTickets, func(string) {})
				if got := started.EarlierRun; got.IsZero() == test.want || test.want && !got.Equal(begun) {
					t.Errorf("EarlierRun = %v, want the first attempt: %t", got, test.want)
				}
			})
		})
	}
}
