package credentials_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a machine on which credentials are looked for.
type world struct {
	*service

	home      string
	variables map[string]string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{service: newService(t), home: t.TempDir(), variables: map[string]string{}}
}

func (w *world) environment() credentials.Environment {
	return credentials.Environment{
		LookupEnv:   func(name string) (string, bool) { value, exists := w.variables[name]; return value, exists },
		HomeDir:     func() (string, error) { return w.home, nil },
		Clock:       w.clock,
		Transport:   w.transport,
		STSEndpoint: w.endpoint(),
		MetadataURL: w.server.URL,
		UserAgent:   "test",
	}
}

func (w *world) resolve(t *testing.T, arguments credentials.Arguments) credentials.Resolved {
	t.Helper()
	resolved, err := credentials.Resolve(arguments, w.environment())
	if err != nil {
		t.Fatalf("Resolve: %v", err)
	}
	return resolved
}

// refuse returns the error of a Resolve or Retrieve that must fail.
func (w *world) refuse(t *testing.T, arguments credentials.Arguments) (credentials.Resolved, error) {
	t.Helper()
	resolved, err := credentials.Resolve(arguments, w.environment())
	if err == nil {
		t.Fatal("Resolve: no error")
	}
	if calls := w.wire(); len(calls) > 0 {
		t.Errorf("Resolve made calls: %v", calls)
	}
	return resolved, err
}

// use signs a call of the API with what source gives.
func (w *world) use(t *testing.T, source *credentials.Source) {
	t.Helper()
	credential, err := source.Retrieve(t.Context())
	if err != nil {
		t.Fatalf("Retrieve: %v", err)
	}
	caller := cloudapi.NewClient(cloudapi.Config{Transport: w.transport, Clock: w.clock})
	request := cloudapi.Request{Endpoint: w.endpoint(), Service: "trtc", Version: "2019-07-22", Action: "Use", Region: "ap-tokyo"}
	if _, err := caller.Call(t.Context(), credential, request, &struct{}{}); err != nil {
		t.Fatalf("Use: %v", err)
	}
}

func (w *world) fail(t *testing.T, source *credentials.Source) error {
	t.Helper()
	credential, err := source.Retrieve(t.Context())
	if err == nil {
		t.Fatalf("Retrieve: no error but %q", credential.SecretID.Reveal())
	}
	if credential != (cloudapi.Credential{}) {
		t.Error("Retrieve gave a key beside the error")
	}
	return err
}

func write(t *testing.T, content string, path ...string) string {
	t.Helper()
	file := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func sourceError(t *testing.T, err error) *credentials.SourceError {
	t.Helper()
	var failed *credentials.SourceError
	if !errors.As(err, &failed) {
		t.Fatalf("error is %T %v, want a *SourceError", err, err)
	}
	return failed
}

func warned(resolved credentials.Resolved, parts ...string) bool {
	return mentioned(resolved.Warnings, parts...)
}

func mentioned(warnings []credentials.Warning, parts ...string) bool {
	for _, warning := range warnings {
		text := warning.Summary + ": " + warning.Detail
		missing := false
		for _, part := range parts {
			missing = missing || !strings.Contains(text, part)
		}
		if !missing {
			return true
		}
	}
	return false
}

// expect checks the ID of the key that source gives.
func expect(t *testing.T, source *credentials.Source, id string) {
	t.Helper()
	credential, err := source.Retrieve(t.Context())
	if err != nil || credential.SecretID.Reveal() != id {
		t.Fatalf("Retrieve = %q, %v, want %q", credential.SecretID.Reveal(), err, id)
	}
}

func canceled(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// start is when the tests' clocks begin.
var start = time.Date(2030, time.March, 1, 12, 0, 0, 0, time.UTC)

// sent has the parts of a request that the tests check.
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

	mu        sync.Mutex
	calls     []sent
	life      time.Duration
	responses []http.HandlerFunc // played first, one a call
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

// next adds responses for the next calls.
func (s *service) next(responses ...http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.responses = append(s.responses, responses...)
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
	if len(s.responses) > 0 {
		scripted, s.responses = s.responses[0], s.responses[1:]
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

func respond(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func refusal(code, message string) http.HandlerFunc {
	return respond(http.StatusOK, fmt.Sprintf(`{"Response":{"Error":{"Code":%q,"Message":%q},"RequestId":"r"}}`, code, message))
}

// raw writes text to the connection and closes it.
func raw(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_, _ = connection.Write([]byte(text))
			_ = connection.Close()
		}
	}
}

// hangUp closes the connection without a response.
func hangUp(w http.ResponseWriter, r *http.Request) { raw("")(w, r) }
