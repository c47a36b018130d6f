package credentials_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// start is when the tests' clocks begin.
var start = time.Date(2030, time.March, 1, 12, 0, 0, 0, time.UTC)

// sent is what a call put on the wire.
type sent struct {
	Action, Region, SecretID, Token string
	Parameters                      map[string]any
}

// String is the call as "<action> <role> by <secret id> <token>".
func (s sent) String() string {
	role, _ := s.Parameters["RoleArn"].(string)
	return strings.Join(strings.Fields(fmt.Sprint(s.Action, " ", role, " by ", s.SecretID, " ", s.Token)), " ")
}

// service stands in for STS, the metadata service and the API. A role's key is
// called after the role: "ID-<role>", "KEY-<role>", "TOKEN-<role>".
type service struct {
	server    *httptest.Server
	transport *http.Transport
	clock     *clocktest.Clock

	mu      sync.Mutex
	calls   []sent
	life    time.Duration
	answers []http.HandlerFunc // played first, one a call
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{clock: clocktest.New(start), life: 2 * time.Hour, transport: cloudapi.NewTransport()}
	s.server = httptest.NewServer(s)
	t.Cleanup(func() {
		s.transport.CloseIdleConnections()
		s.server.Close()
	})
	return s
}

func (s *service) endpoint() cloudapi.Endpoint {
	return cloudapi.Endpoint{Scheme: "http", Host: strings.TrimPrefix(s.server.URL, "http://")}
}

// next makes the following calls be answered like this instead.
func (s *service) next(answers ...http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = append(s.answers, answers...)
}

func (s *service) setLife(life time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.life = life
}

// wire returns the calls so far and forgets them.
func (s *service) wire() []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := s.calls
	s.calls = nil
	return calls
}

func (s *service) lines() []string {
	var lines []string
	for _, call := range s.wire() {
		lines = append(lines, call.String())
	}
	return lines
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := read(r)
	s.mu.Lock()
	s.calls = append(s.calls, call)
	life := s.life
	var scripted http.HandlerFunc
	if len(s.answers) > 0 {
		scripted, s.answers = s.answers[0], s.answers[1:]
	}
	s.mu.Unlock()
	expires := s.clock.Now().Add(life).Unix()
	switch role, isMetadata := strings.CutPrefix(r.URL.Path, "/latest/meta-data/cam/security-credentials/"); {
	case scripted != nil:
		scripted(w, r)
	case isMetadata:
		_, _ = fmt.Fprintf(w, `{"Code":"Success","TmpSecretId":"ID-%[1]s","TmpSecretKey":"KEY-%[1]s","Token":"TOKEN-%[1]s","ExpiredTime":%d}`, role, expires)
	case strings.HasPrefix(call.Action, "AssumeRole"):
		role, _ := call.Parameters["RoleArn"].(string)
		_, _ = fmt.Fprintf(w, `{"Response":{"Credentials":{"TmpSecretId":"ID-%[1]s","TmpSecretKey":"KEY-%[1]s","Token":"TOKEN-%[1]s"},"ExpiredTime":%d,"RequestId":"r"}}`, role, expires)
	default:
		_, _ = w.Write([]byte(`{"Response":{"RequestId":"r"}}`))
	}
}

func read(r *http.Request) sent {
	call := sent{Action: r.Header.Get("X-TC-Action"), Region: r.Header.Get("X-TC-Region"), Token: r.Header.Get("X-TC-Token")}
	if call.Action == "" {
		call.Action = r.Method + " " + r.URL.EscapedPath()
	}
	authorization := r.Header.Get("Authorization")
	if _, credential, signed := strings.Cut(authorization, "Credential="); signed {
		call.SecretID, _, _ = strings.Cut(credential, "/")
	} else {
		call.SecretID = authorization
	}
	_ = json.NewDecoder(r.Body).Decode(&call.Parameters)
	return call
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func refusal(code, message string) http.HandlerFunc {
	return answer(http.StatusOK, fmt.Sprintf(`{"Response":{"Error":{"Code":%q,"Message":%q},"RequestId":"r"}}`, code, message))
}

// hangUp closes the connection without an answer.
func hangUp(w http.ResponseWriter, _ *http.Request) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = connection.Close()
	}
}
