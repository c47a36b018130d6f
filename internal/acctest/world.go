// Package acctest has the environment of acceptance tests. A [World] has a mock
// service, a clock and providers for one test, and checks on the mock's call log.
//
// A World runs the provider in three ways: [World.Run] runs the real CLI through
// the test framework, [World.CLI] and [InstalledCLI] run single commands
// of it, and [World.Session] uses the plugin protocol directly (see package
// tfcore).
package acctest

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// The account and application of every World.
const (
	SecretID     = "AKIDacceptance"
	SecretKey    = "acceptance-secret-key"
	Region       = "ap-singapore"
	SdkAppID     = 1400000001
	SdkSecretKey = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"
	UserID       = "robot-1"
)

// World is the environment of one test.
type World struct {
	// Mock is the mock of the service.
	Mock *trtcmock.Server
	// Clock is the clock of the mock and of the providers.
	Clock *clocktest.Clock
	// URL is the address of the mock.
	URL string
	// Options configure the providers; change them before a provider is served.
	Options provider.Options

	environment *atomic.Pointer[map[string]string]
}

// NewWorld starts a mock that runs until the test ends. The changes apply to the
// options of the mock.
func NewWorld(t testing.TB, changes ...func(*trtcmock.Options)) *World {
	t.Helper()
	clock := clocktest.New(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	options := trtcmock.Options{
		Credentials: map[string]string{SecretID: SecretKey},
		AppKeys:     map[uint64]string{SdkAppID: SdkSecretKey},
		Now:         clock.Now,
	}
	for _, change := range changes {
		change(&options)
	}
	mock := trtcmock.New(options)
	t.Cleanup(mock.Close)
	server := httptest.NewServer(mock)
	t.Cleanup(server.Close)
	home := t.TempDir()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	environment := new(atomic.Pointer[map[string]string])
	environment.Store(new(map[string]string))
	return &World{
		Mock:  mock,
		Clock: clock,
		URL:   server.URL,
		Options: provider.Options{
			Version: "test",
			LookupEnv: func(name string) (string, bool) {
				value, ok := (*environment.Load())[name]
				return value, ok
			},
			HomeDir:   func() (string, error) { return home, nil },
			GOOS:      "linux", // One default directory of the start journal, on every system.
			Clock:     clock,
			Transport: transport,
		},
		environment: environment,
	}
}

// NewSystemWorld returns a World for the built program: the mock and the tickets
// have the system's time.
func NewSystemWorld(t testing.TB, changes ...func(*trtcmock.Options)) *World {
	t.Helper()
	w := NewWorld(t, append(changes, func(options *trtcmock.Options) { options.Now = time.Now })...)
	w.Clock.Advance(time.Since(w.Clock.Now()))
	return w
}

// Setenv sets the whole environment of the providers that run in this process. It
// takes effect in their next Configure.
func (w *World) Setenv(variables map[string]string) {
	variables = maps.Clone(variables)
	w.environment.Store(&variables)
}

// Service returns the identity of the mock in private states and in the start
// journal.
func (w *World) Service() string {
	return "localhost" + strings.TrimPrefix(w.URL, "http://127.0.0.1")
}

// Inject injects faults into later calls.
func (w *World) Inject(t testing.TB, faults ...trtcmock.Fault) {
	t.Helper()
	if err := w.Mock.Inject(faults...); err != nil {
		t.Fatal(err)
	}
}

// RejectNext returns a fault that rejects the next call of an action with a code.
func RejectNext(action, code string) trtcmock.Fault {
	return trtcmock.Fault{Action: action, Kind: trtcmock.FaultCode, Code: code}
}

// RejectAll returns a fault that rejects all later calls of an action with a code.
func RejectAll(action, code string) trtcmock.Fault {
	return trtcmock.Fault{Action: action, Kind: trtcmock.FaultCode, Code: code, Times: -1}
}

// FailNext returns a fault of a kind without a code for the next call of an action.
func FailNext(action, kind string) trtcmock.Fault {
	return trtcmock.Fault{Action: action, Kind: kind}
}

// FinishAll ends every running task as if its media had ended.
func (w *World) FinishAll() {
	for _, task := range w.Mock.Alive() {
		w.Mock.Finish(task.ID)
	}
}
