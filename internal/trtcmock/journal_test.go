package trtcmock

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestJournalOfAStart(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	r := b.message("StartStreamIngest", startParametersWith(map[string]any{"Volume": 0})).
		request(t, "http://"+testHost+"/", testHost)
	r.Header.Set("X-TC-Language", "en-US")
	r.Header.Set("X-TC-RequestClient", "somebody")
	a := b.do(r)
	got := b.Journal()[0]
	if got.Volume == nil || *got.Volume != 0 || got.Paused != nil {
		t.Errorf("volume %v, paused %v", got.Volume, got.Paused)
	}
	names := []string{"RoomId", "RoomIdType", "SdkAppId", "StreamUrl", "UserId", "UserSig", "Volume"}
	if !slices.Equal(got.Parameters, names) {
		t.Errorf("parameters %q", got.Parameters)
	}
	got.Volume, got.Parameters = nil, nil
	want := Call{
		Time: testStart(), Action: "StartStreamIngest", Region: testRegion, Ran: true,
		TaskID: a.Response.TaskID, RequestID: a.Response.RequestID, SecretID: testSecretID,
		Language: "en-US", RequestClient: "somebody",
		SdkAppID: testApp, RoomID: "4242", UserID: "robot_1", StreamURL: "https://media.example.com/live.flv",
	}
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("call\n%+v, want\n%+v", got, want)
	}
}

func TestJournalOfRefusedCalls(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	m := b.message("UpdateStreamIngest", changed(target("some-task"), map[string]any{"IsPause": false}))
	m.secretKey = "wrong"
	b.wantCode(b.send(m), codeSignatureFailure)
	b.call("PauseStreamIngest", nil)
	journal := b.Journal()
	if first := journal[0]; first.Code != codeSignatureFailure || first.TaskID != "some-task" ||
		first.Paused == nil || *first.Paused || first.Ran {
		t.Errorf("call %+v", first)
	}
	if second := journal[1]; second.Action != "PauseStreamIngest" || second.Code != codeInvalidAction {
		t.Errorf("call %+v", second)
	}
}

func TestJournalIsACopy(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.started(map[string]any{"Volume": 5, "RepeatNum": -1, "MaxDuration": 3})
	call, task := b.Journal()[0], b.Tasks()[0]
	*call.Volume, call.Parameters[0], *task.MaxDuration = 99, "changed", 99
	if again := b.Journal()[0]; *again.Volume != 5 || again.Parameters[0] == "changed" || *b.Tasks()[0].MaxDuration != 3 {
		t.Errorf("the journal shares memory: %+v", again)
	}
	b.ResetJournal()
	if len(b.Journal()) != 0 || len(b.Tasks()) != 1 {
		t.Error("ResetJournal is to empty the journal only")
	}
}

// TestNoSecretComesOut puts a canary wherever a secret can be.
func TestNoSecretComesOut(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) {
		o.AnyAppKey = "canary-app-key"
		o.AppKeys = map[uint64]string{7: "canary-app-key"}
		o.Tokens = map[string]string{testSecretID: "canary-token"}
		o.WebIdentityTokens = map[string]bool{"canary-identity": true}
	})
	send := func(action string, parameters map[string]any) {
		m := b.message(action, parameters)
		m.token = "canary-token"
		b.send(m)
	}
	secrets := map[string]any{
		"UserSig": "canary-user-sig", "PrivateMapKey": "canary-map-key",
		"StreamUrl": "rtmp://canary:canary@host/live?canary=canary#canary",
	}
	send("StartStreamIngest", startParametersWith(secrets))
	send("StartStreamIngest", startParametersWith(changed(secrets, map[string]any{"StreamUrl": "rtmp://host:x/canary"})))
	send("StartStreamIngest", startParametersWith(changed(secrets, map[string]any{"StreamUrl": "canary"})))
	send("UpdateStreamIngest", changed(target("x"), secrets))
	send("AssumeRole", map[string]any{"RoleArn": "qcs::cam::uin/1:roleName/r", "RoleSessionName": "me", "Policy": "canary", "ExternalId": "canary"})
	b.do(webIdentityRequest(b, map[string]any{"WebIdentityToken": "canary-identity"}))

	shown := map[string]string{
		"options": fmt.Sprintf("%v %+v %#v %s", b.options, b.options, b.options, b.options),
		"pointer": fmt.Sprintf("%v %+v", &b.options, &b.options),
		"server":  fmt.Sprintf("%v %+v %#v", b.Server, b.Server, b.Server),
		"logged":  b.options.LogValue().String() + slog.AnyValue(b.options).Resolve().String(),
	}
	for name, value := range map[string]any{"journal": b.Journal(), "tasks": b.Tasks()} {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		shown[name] = string(text) + fmt.Sprintf("%+v %#v", value, value)
	}
	for _, path := range []string{"/_mock/journal", "/_mock/tasks"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		recorder := httptest.NewRecorder()
		b.ServeHTTP(recorder, r)
		shown[path] = recorder.Body.String()
	}
	for name, text := range shown {
		if text == "" || strings.Contains(text, "canary") {
			t.Errorf("%s shows a secret, or nothing: %s", name, text)
		}
	}
	if len(b.Journal()) != 6 {
		t.Errorf("%d calls", len(b.Journal()))
	}
}
