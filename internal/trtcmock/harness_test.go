package trtcmock

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"
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

// testClock is a clock that only tests move.
type testClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *testClock) advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// bench is a server with a client that signs by itself.
type bench struct {
	*Server
	t     *testing.T
	clock *testClock
}

func newBench(t *testing.T, change func(*Options)) *bench {
	t.Helper()
	clock := &testClock{now: testStart()}
	options := Options{
		Credentials:       map[string]string{testSecretID: testSecretKey},
		RequestsPerSecond: -1,
		Now:               clock.Now,
		Rand:              rand.NewPCG(1, 2),
	}
	if change != nil {
		change(&options)
	}
	return &bench{Server: New(options), t: t, clock: clock}
}

// message is a request before it is signed.
type message struct {
	action, version, service, region string
	secretID, secretKey, token       string
	scopeDate                        string // empty: that of the timestamp
	timestamp                        time.Time
	contentType                      string
	body                             []byte
}

func (b *bench) message(action string, parameters map[string]any) message {
	b.t.Helper()
	body, err := json.Marshal(parameters)
	if err != nil {
		b.t.Fatal(err)
	}
	m := message{
		action: action, version: "2019-07-22", service: "trtc", region: testRegion,
		secretID: testSecretID, secretKey: testSecretKey,
		timestamp: b.clock.Now(), contentType: "application/json", body: body,
	}
	if action == "AssumeRole" || action == "AssumeRoleWithWebIdentity" {
		m.version, m.service = "2018-08-13", "sts"
	}
	return m
}

// sign follows the four steps of the reference, apart from the code under test.
func (m message) sign(host string) string {
	mac := func(key []byte, text string) []byte {
		h := hmac.New(sha256.New, key)
		_, _ = io.WriteString(h, text)
		return h.Sum(nil)
	}
	digest := func(text string) string { sum := sha256.Sum256([]byte(text)); return hex.EncodeToString(sum[:]) }
	date := m.scopeDate
	if date == "" {
		date = m.timestamp.UTC().Format("2006-01-02")
	}
	scope := date + "/" + m.service + "/tc3_request"
	canonical := "POST\n/\n\ncontent-type:" + m.contentType + "\nhost:" + host + "\n\ncontent-type;host\n" + digest(string(m.body))
	toSign := fmt.Sprintf("TC3-HMAC-SHA256\n%d\n%s\n%s", m.timestamp.Unix(), scope, digest(canonical))
	key := mac(mac(mac([]byte("TC3"+m.secretKey), date), m.service), "tc3_request")
	return fmt.Sprintf("TC3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=content-type;host, Signature=%x",
		m.secretID, scope, mac(key, toSign))
}

// request returns the signed request for a server at url.
func (m message) request(t *testing.T, url, host string) *http.Request {
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

// answer is what came back for a call.
type answer struct {
	Response struct {
		Error       struct{ Code, Message string }
		RequestID   string `json:"RequestId"`
		TaskID      string `json:"TaskId"`
		Status      string
		Credentials struct{ Token, TmpSecretID, TmpSecretKey string }
		ExpiredTime int64
		Expiration  string
	}
}

func (a answer) code() string { return a.Response.Error.Code }

// do sends a request in memory and reads the envelope.
func (b *bench) do(r *http.Request) answer {
	b.t.Helper()
	recorder := httptest.NewRecorder()
	b.ServeHTTP(recorder, r)
	if recorder.Code != http.StatusOK || recorder.Header().Get("Content-Type") != "application/json" {
		b.t.Fatalf("status %d, type %q", recorder.Code, recorder.Header().Get("Content-Type"))
	}
	var a answer
	if err := json.Unmarshal(recorder.Body.Bytes(), &a); err != nil {
		b.t.Fatalf("%v in %s", err, recorder.Body)
	}
	return a
}

func (b *bench) send(m message) answer {
	b.t.Helper()
	return b.do(m.request(b.t, "http://"+testHost+"/", testHost))
}

func (b *bench) call(action string, parameters map[string]any) answer {
	b.t.Helper()
	return b.send(b.message(action, parameters))
}

// startParametersWith returns a valid Start, changed; a nil value removes.
func startParametersWith(changes map[string]any) map[string]any {
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
func (b *bench) started(changes map[string]any) string {
	b.t.Helper()
	a := b.call("StartStreamIngest", startParametersWith(changes))
	if a.code() != "" || a.Response.TaskID == "" {
		b.t.Fatalf("start: %+v", a)
	}
	return a.Response.TaskID
}

func target(taskID string) map[string]any {
	return map[string]any{"SdkAppId": testApp, "TaskId": taskID}
}

func (b *bench) status(taskID string) string {
	b.t.Helper()
	return b.call("DescribeStreamIngest", target(taskID)).Response.Status
}

func (b *bench) wantCode(a answer, want string) {
	b.t.Helper()
	if a.code() != want {
		b.t.Errorf("code %q (%s), want %q", a.code(), a.Response.Error.Message, want)
	}
}
