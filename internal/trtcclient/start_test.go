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
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// TestStart_AfterServerFault checks that no later failure, however harmless, hides
// that an earlier attempt may have run, and that a task that exists then is reported
// at once: it is most likely the one that the call itself started.
func TestStart_AfterServerFault(t *testing.T) {
	t.Parallel()
	fault := code("InternalError")
	for name, c := range map[string]struct {
		script   []reply
		requests int
		class    trtcclient.Class
		id       string // of the latest response to an attempt that may have run
	}{
		"server faults to the end":  {script: []reply{fault}, requests: 4, class: trtcclient.ServerFault, id: refusedID},
		"then a task exists":        {script: []reply{fault, code(trtcclient.CodeTaskExist)}, requests: 2, class: trtcclient.Conflict, id: refusedID},
		"then a wrong ticket":       {script: []reply{fault, code("InvalidParameter.UserSig")}, requests: 2, class: trtcclient.Rejected, id: refusedID},
		"then no connection":        {script: []reply{fault, unsent()}, requests: 6, class: trtcclient.Unreachable, id: refusedID},
		"then a lost connection":    {script: []reply{fault, reset()}, requests: 2, class: trtcclient.NoAnswer, id: refusedID},
		"then a bad response":       {script: []reply{fault, body(502, goodResponse)}, requests: 2, class: trtcclient.NoAnswer, id: goodID},
		"after a harmless failure":  {script: []reply{unsent(), fault, code("InvalidAction")}, requests: 3, class: trtcclient.Rejected, id: refusedID},
		"between harmless failures": {script: []reply{code("RequestLimitExceeded"), fault, unsent(), code("InvalidAction")}, requests: 4, class: trtcclient.Rejected, id: refusedID},
	} {
		inBubble(t, name, func(t *testing.T) {
			service := newService(t, c.script...)
			client := service.client(func(c *trtcclient.Config) { c.RequestsPerSecond = 1 }) // Each retry waits for a slot.
			_, err := startTask(t.Context(), client, startInput())
			start := expectRun(t, err, true)
			if got := len(service.requests()); got != c.requests || start.Class != c.class || start.RequestID != c.id {
				t.Errorf("%d requests, class %d, RequestId %q, want %+v", got, start.Class, start.RequestID, c)
			}
			first := 0
			for !service.attempts[first].MayHaveRun {
				first++
			}
			if at := service.times()[first]; !start.Since.Equal(at) {
				t.Errorf("Since = %v, want %v, when the first that may have run was sent", start.Since, at)
			}
		})
	}
}

// brokenKeys is a credential source that fails after a number of keys.
type brokenKeys struct {
	keys

	left int
	err  error
}

func (k *brokenKeys) Retrieve(context.Context) (cloudapi.Credential, error) {
	if k.left--; k.left < 0 {
		return cloudapi.Credential{}, k.err
	}
	return k.Credential, nil
}

// TestNoCredentials lets the credential source fail with the errors of a call of its
// own, before the first attempt and before a retry.
func TestNoCredentials(t *testing.T) {
	t.Parallel()
	for name, cause := range map[string]error{
		"ambiguous":    &cloudapi.ExchangeError{Action: "AssumeRole", Outcome: cloudapi.Ambiguous, Reason: cloudapi.TimedOut},
		"server fault": &cloudapi.APIError{Action: "AssumeRole", Code: "InternalError"},
	} {
		forEachAction(t, name, func(t *testing.T, action string, run func(context.Context, *trtcclient.Client) error) {
			for attempts := range 2 {
				service := newService(t, code("InternalError"))
				err := run(t.Context(), service.client(func(c *trtcclient.Config) { c.Credentials = &brokenKeys{canaryKeys(), attempts, cause} }))
				if failed := expectRun(t, err, attempts > 0); failed.Class != trtcclient.NoCredentials || failed.Code != "" || !errors.Is(err, cause) {
					t.Errorf("error = %#v, want the cause and no code", err)
				}
				if !strings.Contains(err.Error(), cause.Error()) || !strings.Contains(err.Error(), action) || len(service.requests()) != attempts {
					t.Errorf("error = %q after %d requests, want action and cause named after %d", err, len(service.requests()), attempts)
				}
			}
		})
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	start, update, client := startInput(), updateInput(), newService(t, success()).client()
	if _, err := startTask(t.Context(), client, start); err != nil {
		t.Fatal(err)
	}
	_, tickets := canaryTickets(t.Context())
	for _, value := range []any{tickets, &tickets, start, &start, update, &update, client} {
		var text bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&text, verb+"\n", value)
		}
		if encoded, err := json.Marshal(value); err == nil {
			text.Write(encoded)
		}
		slog.New(slog.NewTextHandler(&text, nil)).Info("m", "value", value)
		slog.New(slog.NewJSONHandler(&text, nil)).Info("m", "value", value)
		for _, hidden := range []string{"canary", fmt.Sprintf("%x", "canary")} {
			if strings.Contains(text.String(), hidden) {
				t.Errorf("%T shows a secret:\n%s", value, text.String())
			}
		}
	}
}

// TestMessage_QuotesNoSecret lets the service quote what a start or update contains,
// as a whole or in parts.
func TestMessage_QuotesNoSecret(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ address, quoted, want string }{
		"login ticket":      {"https://example.com", "The UserSig " + canaryUserSig + " has expired.", "The UserSig (redacted) has expired."},
		"entry ticket":      {"https://example.com", canaryMapKey, "(redacted)"},
		"password":          {"https://user:canary@example.com/a", "user canary", "user (redacted)"},
		"escaped password":  {"https://user:%2Fcanary@example.com/a", "/canary %2Fcanary", "(redacted) (redacted)"},
		"user alone":        {"https://%2Fcanary@example.com/a", "/canary %2Fcanary", "(redacted) (redacted)"},
		"query":             {"https://example.com/a?sign=canary", "at sign=canary", "at (redacted)"},
		"value":             {"https://example.com/a?n=1&sign=canary", "1 sign, canary", "1 sign, (redacted)"},
		"escaped value":     {"https://example.com/a?sign=%2Fcanary", "/canary %2Fcanary", "(redacted) (redacted)"},
		"value not escaped": {"https://example.com/a?sign=%zzcanary", "%zzcanary", "(redacted)"},
		"path":              {"rtmp://example.com/canary-stream-key", "not rtmp://example.com/canary-stream-key.", "not (redacted)."},
		"part of the path":  {"rtmp://example.com/live/canary-stream-key", "key canary-stream-key of live is old", "key (redacted) of live is old"},
		"escaped path":      {"rtmp://example.com/live/canary%2Fkey%2B0", "not canary%2Fkey%2B0 or canary/key+0", "not (redacted) or (redacted)"},
		"whole long path":   {"rtmp://example.com/live/canary_long_stream_key", "rtmp://example.com/live/canary_long_stream_key is offline", "(redacted) is offline"},
		"password as it is": {"https://user:%40canary$@example.com/a", "user:%40canary$ at", "user:(redacted) at"},
		"value alone":       {"https://example.com/a?canary&b=1", "no canary", "no (redacted)"},
		"no URL":            {"rtmp://a/%zz canary", "rtmp://a/%zz canary", "(redacted)"},
		"escaped for JSON":  {"https://example.com/a?b=1&c=canary", `https://example.com/a?b=1\u0026c=canary`, "https://example.com/a?(redacted)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			message, err := json.Marshal(c.quoted)
			if err != nil {
				t.Fatal(err)
			}
			client := newService(t, body(200, `{"Response":{"Error":{"Code":"InvalidParameter","Message":`+string(message)+`}}}`)).client()
			start, update := startInput(), updateInput()
			start.StreamURL, update.StreamURL = secret.New(c.address), secret.New(c.address)
			_, err = startTask(t.Context(), client, start)
			if want := startAction + ": InvalidParameter: " + c.want; err == nil || err.Error() != want {
				t.Errorf("error = %v, want %s", err, want)
			}
			expectNoCanary(t, err)
			if strings.HasSuffix(name, "ticket") {
				return // An update contains none.
			}
			_, err = client.Update(t.Context(), task(), update)
			if want := updateAction + ": InvalidParameter: " + c.want; err == nil || err.Error() != want {
				t.Errorf("error = %v, want %s", err, want)
			}
		})
	}
}

// TestStart_InvalidTaskID checks TaskIds that a terminal does not show as they are:
// they name nothing that a user could stop, so the response counts as lost.
func TestStart_InvalidTaskID(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		taskID string // as JSON
		valid  bool
	}{
		"every documented character": {taskID: "AZaz09+-._", valid: true},
		"other letters":              {taskID: "é房 |`'", valid: true},
		"longest":                    {taskID: strings.Repeat("a", 512), valid: true},
		"too long":                   {taskID: strings.Repeat("a", 513)},
		"too long in bytes":          {taskID: strings.Repeat("é", 257)},
		"line break":                 {taskID: `a\nb`},
		"escape":                     {taskID: `a\u001b[31mb`},
		"C1 control":                 {taskID: `a\u009bb`},
		"right-to-left override":     {taskID: `a\u202eb`},
		"zero-width joiner":          {taskID: `a\u200db`},
		"half a surrogate pair":      {taskID: `a\ud800b`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := newService(t, body(http.StatusOK, `{"Response":{"TaskId":"`+c.taskID+`","RequestId":"r"}}`))
			var received []string
			started, err := service.client().Start(t.Context(), region, startInput(), canaryTickets, func(taskID string) { received = append(received, taskID) })
			if c.valid {
				if err != nil || started.TaskID != c.taskID || len(received) != 1 || received[0] != c.taskID {
					t.Errorf("Start = %q, %v, received %q", started.TaskID, err, received)
				}
				return
			}
			if failed := expectRun(t, err, true); failed.Class != trtcclient.NoAnswer || started.TaskID != "" || received != nil {
				t.Errorf("Start = %q, %v, received %q, want a lost response", started.TaskID, err, received)
			}
		})
	}
}

// TestStart_TaskIDReceivedFirst checks the order: the callback comes before the
// observer, which logs, and before Start returns, even when ctx has ended.
func TestStart_TaskIDReceivedFirst(t *testing.T) {
	t.Parallel()
	inBubble(t, "", func(t *testing.T) {
		var order []string
		client := newService(t, code("InternalError"), slow(5*time.Second, success())).client(func(c *trtcclient.Config) {
			c.Observe = func(_ context.Context, attempt trtcclient.Attempt) {
				order = append(order, fmt.Sprintf("attempt %d, may have run: %t", attempt.Number, attempt.MayHaveRun))
			}
		})
		received := func(taskID string) { order = append(order, taskID) }
		if _, err := client.Start(cancelAfter(t, 5*time.Second), region, startInput(), canaryTickets, received); err != nil {
			t.Fatal(err)
		}
		want := []string{"attempt 1, may have run: true", "task-1", "attempt 2, may have run: false"}
		if diff := cmp.Diff(want, order); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

// TestStart_Retried lets a start succeed in the end. It has a number of retries for
// each class, and reports the first attempt that may have run.
func TestStart_Retried(t *testing.T) {
	t.Parallel()
	fault, throttled := code("InternalError"), code("RequestLimitExceeded")
	for name, c := range map[string]struct {
		script []reply
		waits  [][]pause
		run    bool // an earlier attempt may have run
	}{
		"no retry":        {},
		"after a refusal": {script: []reply{throttled}, waits: [][]pause{upTo(0.5)}},
		"after faults":    {script: []reply{fault, fault}, waits: [][]pause{about(3, 6)}, run: true},
		"after each class": {
			script: []reply{unsent(), throttled, fault, unsent(), fault, code("ResourceInsufficient.RequestRejection"), fault},
			waits:  [][]pause{upTo(1, 0.5), about(3), upTo(2), about(6), upTo(2), about(12)}, run: true,
		},
	} {
		inBubble(t, name, func(t *testing.T) {
			service := newService(t, append(c.script, success())...)
			started, err := service.client().Start(t.Context(), region, startInput(), canaryTickets, func(string) {})
			if err != nil || started.TaskID != "task-1" {
				t.Errorf("Start = %+v, %v, want the TaskId", started, err)
			}
			var waits []pause
			for _, some := range c.waits {
				waits = append(waits, some...)
			}
			expectPauses(t, service.gaps(), waits)
			for i, attempt := range service.attempts {
				if attempt.MayHaveRun {
					if at := service.times()[i]; !started.EarlierRun.Equal(at) {
						t.Errorf("EarlierRun = %v, want %v", started.EarlierRun, at)
					}
					return
				}
			}
			if c.run || !started.EarlierRun.IsZero() {
				t.Errorf("EarlierRun = %v, and no attempt may have run", started.EarlierRun)
			}
		})
	}
}
