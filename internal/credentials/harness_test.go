package credentials_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start is when the tests' clocks begin.
var start = time.Date(2030, time.March, 1, 12, 0, 0, 0, time.UTC)

// world is a machine on which credentials are looked for, and a server that stands
// in for STS, the metadata service and the API. A role's key is called after the
// role: "ID-<role>", "KEY-<role>", "TOKEN-<role>", and is valid for two hours.
type world struct {
	home      string
	variables map[string]string
	server    *httptest.Server
	transport *http.Transport
	clock     *clocktest.Clock

	mu        sync.Mutex
	calls     []sent
	responses []http.HandlerFunc // used first, one a call
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{home: t.TempDir(), variables: map[string]string{}, clock: clocktest.New(start), transport: cloudapi.NewTransport()}
	w.server = httptest.NewServer(w)
	t.Cleanup(func() {
		w.transport.CloseIdleConnections()
		w.server.Close()
	})
	return w
}

func (w *world) endpoint() cloudapi.Endpoint {
	return cloudapi.Endpoint{Scheme: "http", Host: strings.TrimPrefix(w.server.URL, "http://")}
}

func (w *world) environment() credentials.Environment {
	return credentials.Environment{
		LookupEnv:   func(name string) (string, bool) { value, exists := w.variables[name]; return value, exists },
		HomeDir:     func() (string, error) { return w.home, nil },
		Clock:       w.clock,
		API:         cloudapi.NewClient(cloudapi.Config{Transport: w.transport, Clock: w.clock, UserAgent: "test"}),
		Transport:   w.transport,
		STSEndpoint: w.endpoint(),
		MetadataURL: w.server.URL,
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

// refuse returns the error of a Resolve that must fail, without a call.
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

// mentioned reports whether a warning has all the parts.
func mentioned(warnings []credentials.Warning, parts ...string) bool {
	return slices.ContainsFunc(warnings, func(warning credentials.Warning) bool {
		return !slices.ContainsFunc(parts, func(part string) bool {
			return !strings.Contains(warning.Summary+": "+warning.Detail, part)
		})
	})
}

// expect checks the ID of the key that source gives.
func expect(t *testing.T, source *credentials.Source, id string) {
	t.Helper()
	credential, err := source.Retrieve(t.Context())
	if err != nil || credential.SecretID.Reveal() != id {
		t.Fatalf("Retrieve = %q, %v, want %q", credential.SecretID.Reveal(), err, id)
	}
}

// staticKeys returns arguments with static keys.
func staticKeys() credentials.Arguments {
	return credentials.Arguments{SecretID: secret.New("ID-arg"), SecretKey: secret.New("k")}
}

// keysAnd returns arguments with static keys and a change.
func keysAnd(change func(*credentials.Arguments)) credentials.Arguments {
	arguments := staticKeys()
	change(&arguments)
	return arguments
}

// podVariables returns the variables of a TKE pod.
func podVariables(tokenFile string) map[string]string {
	return map[string]string{"TKE_REGION": "ap-tke", "TKE_PROVIDER_ID": "tke", "TKE_WEB_IDENTITY_TOKEN_FILE": tokenFile, "TKE_ROLE_ARN": "pod"}
}

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

// next adds responses for the next calls.
func (w *world) next(responses ...http.HandlerFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.responses = append(w.responses, responses...)
}

// wire returns the calls so far and forgets them.
func (w *world) wire() []sent {
	w.mu.Lock()
	defer w.mu.Unlock()
	calls := w.calls
	w.calls = nil
	return calls
}

func (w *world) lines() []string {
	var lines []string
	for _, call := range w.wire() {
		lines = append(lines, call.String())
	}
	return lines
}

func (w *world) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	call := read(r)
	w.mu.Lock()
	w.calls = append(w.calls, call)
	var scripted http.HandlerFunc
	if len(w.responses) > 0 {
		scripted, w.responses = w.responses[0], w.responses[1:]
	}
	w.mu.Unlock()
	expires := w.clock.Now().Add(2 * time.Hour).Unix()
	switch role, isMetadata := strings.CutPrefix(r.URL.Path, "/latest/meta-data/cam/security-credentials/"); {
	case scripted != nil:
		scripted(out, r)
	case isMetadata:
		_, _ = fmt.Fprintf(out, `{"Code":"Success","TmpSecretId":"ID-%[1]s","TmpSecretKey":"KEY-%[1]s","Token":"TOKEN-%[1]s","ExpiredTime":%d}`, role, expires)
	case strings.HasPrefix(call.Action, "AssumeRole"):
		role, _ := call.Parameters["RoleArn"].(string)
		_, _ = fmt.Fprintf(out, `{"Response":{"Credentials":{"TmpSecretId":"ID-%[1]s","TmpSecretKey":"KEY-%[1]s","Token":"TOKEN-%[1]s"},"ExpiredTime":%d,"RequestId":"r"}}`, role, expires)
	default:
		_, _ = out.Write([]byte(`{"Response":{"RequestId":"r"}}`))
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
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body)) // A response may read it again.
	_ = json.Unmarshal(body, &call.Parameters)
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
