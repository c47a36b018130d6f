package trtcmock

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
)

const (
	testSecretID  = "AKIDtest"
	testSecretKey = "canary-secret-key"
	testHost      = "trtc.intl.tencentcloudapi.com"
	testRegion    = "ap-singapore"
	testApp       = 1400000001
)

// testStart is one second after the tickets in testdata were issued.
func testStart() time.Time { return time.Unix(1795425569, 0).UTC() }

// testServer is a server and a client.
type testServer struct {
	*Server
	t     *testing.T
	clock *clocktest.Clock
}

func newTestServer(t *testing.T, change func(*Options)) *testServer {
	t.Helper()
	clock := clocktest.New(testStart())
	options := Options{
		Credentials:       map[string]string{testSecretID: testSecretKey},
		RequestsPerSecond: -1,
		Now:               clock.Now,
		Sleep:             clock.Sleep,
		Rand:              rand.NewPCG(1, 2),
	}
	if change != nil {
		change(&options)
	}
	return &testServer{Server: New(options), t: t, clock: clock}
}

// testRequest is a request before it is signed.
type testRequest struct {
	action, version, service, region string
	secretID, secretKey, token       string
	scopeDate                        string // empty: that of the timestamp
	timestamp                        time.Time
	contentType                      string
	body                             []byte
}

func (s *testServer) newRequest(action string, parameters map[string]any) testRequest {
	s.t.Helper()
	body, err := json.Marshal(parameters)
	if err != nil {
		s.t.Fatal(err)
	}
	m := testRequest{
		action: action, version: "2019-07-22", service: "trtc", region: testRegion,
		secretID: testSecretID, secretKey: testSecretKey,
		timestamp: s.clock.Now(), contentType: "application/json", body: body,
	}
	if !strings.HasSuffix(action, "StreamIngest") {
		m.version, m.service = "2018-08-13", "sts"
	}
	return m
}

// sign returns the Authorization header. It uses the code under test, which has
// tests with requests that other programs signed.
func (m testRequest) sign(host string) string {
	date := cmp.Or(m.scopeDate, m.timestamp.UTC().Format(time.DateOnly))
	canonical := "POST\n/\n\ncontent-type:" + m.contentType + "\nhost:" + host + "\n\ncontent-type;host\n" + hexSHA256(m.body)
	return fmt.Sprintf("TC3-HMAC-SHA256 Credential=%s/%s/%s/tc3_request, SignedHeaders=content-type;host, Signature=%s",
		m.secretID, date, m.service, signature(m.secretKey, date, m.service, m.timestamp.Unix(), canonical))
}

// request returns the signed request for a server at url.
func (m testRequest) request(t *testing.T, url, host string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(m.body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	for name, value := range map[string]string{
		"Content-Type": m.contentType, "Authorization": m.sign(host), "X-TC-Action": m.action,
		"X-TC-Version": m.version, "X-TC-Region": m.region, "X-TC-Token": m.token,
		"X-TC-Timestamp": strconv.FormatInt(m.timestamp.Unix(), 10),
	} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	return r
}

// testResponse is the response to a call.
type testResponse struct {
	Response struct {
		Error       struct{ Code, Message string }
		RequestID   string `json:"RequestId"`
		TaskID      string `json:"TaskId"`
		Status      string
		Credentials struct{ Token, TmpSecretID, TmpSecretKey string }
		ExpiredTime int64
		Expiration  string

		Type, AccountID, UserID, PrincipalID, Arn string
	}
}

func (a testResponse) code() string { return a.Response.Error.Code }

// do sends a request in memory and decodes the response.
func (s *testServer) do(r *http.Request) testResponse {
	s.t.Helper()
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, r)
	if recorder.Code != http.StatusOK || recorder.Header().Get("Content-Type") != "application/json" {
		s.t.Fatalf("status %d, type %q", recorder.Code, recorder.Header().Get("Content-Type"))
	}
	var a testResponse
	if err := json.Unmarshal(recorder.Body.Bytes(), &a); err != nil {
		s.t.Fatalf("%v in %s", err, recorder.Body)
	}
	return a
}

func (s *testServer) send(m testRequest) testResponse {
	s.t.Helper()
	return s.do(m.request(s.t, "http://"+testHost+"/", testHost))
}

func (s *testServer) call(action string, parameters map[string]any) testResponse {
	s.t.Helper()
	return s.send(s.newRequest(action, parameters))
}

// startWith returns a valid Start, changed; a nil value removes.
func startWith(changes map[string]any) map[string]any {
	return changed(map[string]any{
		"SdkAppId": testApp, "RoomId": "4242", "RoomIdType": 1, "UserId": "robot_1",
		"UserSig": "any", "StreamUrl": "https://media.example.com/live.flv",
	}, changes)
}

func changed(parameters, changes map[string]any) map[string]any {
	parameters = maps.Clone(parameters)
	for name, value := range changes {
		if parameters[name] = value; value == nil {
			delete(parameters, name)
		}
	}
	return parameters
}

// started starts a task and returns its id.
func (s *testServer) started(changes map[string]any) string {
	s.t.Helper()
	a := s.call("StartStreamIngest", startWith(changes))
	if a.code() != "" || a.Response.TaskID == "" {
		s.t.Fatalf("start: %+v", a)
	}
	return a.Response.TaskID
}

func target(taskID string) map[string]any {
	return map[string]any{"SdkAppId": testApp, "TaskId": taskID}
}

func (s *testServer) status(taskID string) string {
	s.t.Helper()
	return s.call("DescribeStreamIngest", target(taskID)).Response.Status
}

func (s *testServer) wantCode(a testResponse, want string) {
	s.t.Helper()
	if a.code() != want {
		s.t.Errorf("code %q (%s), want %q", a.code(), a.Response.Error.Message, want)
	}
}
