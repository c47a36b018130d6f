package trtcmock

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestJournal_Start(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	a := s.call("StartStreamIngest", startWith(map[string]any{"Volume": 0}))
	got := s.Journal()[0]
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
		SdkAppID: testApp, RoomID: "4242", UserID: "robot_1", StreamURL: "https://media.example.com/live.flv",
	}
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("call\n%+v, want\n%+v", got, want)
	}
}

func TestJournal_RejectedCalls(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	m := s.newRequest("UpdateStreamIngest", changed(target("some-task"), map[string]any{"IsPause": false}))
	m.secretKey = "wrong"
	s.wantCode(s.send(m), "AuthFailure.SignatureFailure")
	s.call("PauseStreamIngest", nil)
	calls := s.Journal()
	if first := calls[0]; first.Code != "AuthFailure.SignatureFailure" || first.TaskID != "some-task" ||
		first.Paused == nil || *first.Paused || first.Ran {
		t.Errorf("call %+v", first)
	}
	if second := calls[1]; second.Action != "PauseStreamIngest" || second.Code != "InvalidAction" {
		t.Errorf("call %+v", second)
	}
}

func TestResetJournal(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.started(nil)
	before := s.Journal()
	s.ResetJournal()
	if len(s.Journal()) != 0 || len(s.Tasks()) != 1 || before[0].Action != "StartStreamIngest" {
		t.Errorf("call log %+v, tasks %+v, calls before %+v", s.Journal(), s.Tasks(), before)
	}
}

// TestNoSecretIsShown puts a canary wherever a request can have a secret.
func TestNoSecretIsShown(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(o *Options) {
		o.Tokens = map[string]string{testSecretID: "canary-token"}
		o.WebIdentityTokens = map[string]bool{"canary-identity": true}
	})
	send := func(action string, parameters map[string]any) {
		m := s.newRequest(action, parameters)
		m.token = "canary-token"
		s.send(m)
	}
	secrets := map[string]any{
		"UserSig": "canary-user-sig", "PrivateMapKey": "canary-map-key",
		"StreamUrl": "rtmp://canary:canary@host/live?canary=canary#canary",
		"SourceUrl": []string{"rtmp://canary:canary@host/live?canary=canary#canary"},
	}
	send("StartStreamIngest", startWith(secrets))
	send("StartStreamIngest", startWith(changed(secrets, map[string]any{"StreamUrl": "rtmp://host:x/canary"})))
	send("StartStreamIngest", startWith(changed(secrets, map[string]any{"StreamUrl": "canary"})))
	send("StartStreamIngest", startWith(changed(secrets, map[string]any{"RoomId": "2", "StreamUrl": nil})))
	send("UpdateStreamIngest", changed(target("x"), secrets))
	send("AssumeRole", map[string]any{"RoleArn": "qcs::cam::uin/1:roleName/r", "RoleSessionName": "me", "Policy": "canary", "ExternalId": "canary"})
	s.do(webIdentityRequest(s, map[string]any{"WebIdentityToken": "canary-identity"}))

	shown := map[string]string{}
	for name, value := range map[string]any{"journal": s.Journal(), "tasks": s.Tasks()} {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		shown[name] = string(text) + fmt.Sprintf("%+v %#v", value, value)
	}
	for _, path := range []string{"/_mock/journal", "/_mock/tasks"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		recorder := httptest.NewRecorder()
		s.ServeHTTP(recorder, r)
		shown[path] = recorder.Body.String()
	}
	for name, text := range shown {
		if text == "" || strings.Contains(text, "canary") {
			t.Errorf("%s contains a secret, or nothing: %s", name, text)
		}
	}
	if len(s.Journal()) != 7 {
		t.Errorf("%d calls", len(s.Journal()))
	}
}

func TestJournal_NoAction(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.wantCode(s.send(s.newRequest("", nil)), "InvalidAction")
	if calls := s.Journal(); len(calls) != 0 {
		t.Errorf("call log %+v", calls)
	}
}

// TestJournal_MaxCalls checks that the call log keeps the newest calls.
func TestJournal_MaxCalls(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for i := range maxCalls + 1 {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
		r.Header.Set("X-TC-Action", strconv.Itoa(i))
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
	if calls := s.Journal(); len(calls) != maxCalls/2+1 || calls[0].Action != strconv.Itoa(maxCalls/2) {
		t.Errorf("the call log has %d calls from %q, want the newest %d", len(calls), calls[0].Action, maxCalls/2+1)
	}
}
