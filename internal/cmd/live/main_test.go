package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/conformance"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

const (
	testSecretID  = "AKIDcanaryid"
	testSecretKey = "canary-secret-key"
	testApp       = 1400000001
	testStream    = "http://media.example/audio.mp3?token=canary-stream"
	repository    = "../../../"
)

var testAppKey = strings.Repeat("ca0a1b", 11)[:64]

func TestMain(m *testing.M) {
	if os.Getenv("LIVE_TEST_PROCESS") != "" {
		main()
	}
	addSweeper()
	resource.TestMain(m)
}

// world is a mock behind a handler, and the environment of the command.
type world struct {
	mock  *trtcmock.Server
	clock clock.Clock
	env   map[string]string
	// snapshots is a directory that does not exist yet.
	snapshots string
}

// newWorld starts a mock behind a handler, with a clock that only advances when the
// command sleeps, or with real time.
func newWorld(t *testing.T, realTime bool, wrap func(w *world, inner http.Handler) http.Handler) *world {
	t.Helper()
	w := &world{clock: clock.System(), snapshots: filepath.Join(t.TempDir(), "testdata")}
	options := trtcmock.Options{
		Credentials: map[string]string{testSecretID: testSecretKey},
		AppKeys:     map[uint64]string{testApp: testAppKey},
		AnyAppKey:   strings.Repeat("0", 64),
		Quota:       1, TaskDuration: time.Minute,
	}
	if !realTime {
		fake := clocktest.New(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
		w.clock, options.Now, options.Sleep = fake, fake.Now, fake.Sleep
	}
	w.mock = trtcmock.New(options)
	t.Cleanup(w.mock.Close)
	var handler http.Handler = w.mock
	if wrap != nil {
		handler = wrap(w, handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	w.env = map[string]string{
		"TENCENTCLOUD_SECRET_ID": testSecretID, "TENCENTCLOUD_SECRET_KEY": testSecretKey,
		"TENCENTCLOUD_TRTC_ENDPOINT": server.URL, "TENCENTCLOUD_STS_ENDPOINT": server.URL,
		"TRTC_LIVE_TIER": "1", "TRTC_LIVE_SDK_APP_ID": fmt.Sprint(testApp), "TRTC_SDK_SECRET_KEY": testAppKey,
		"TRTC_LIVE_STREAM_URL": testStream, "TRTC_LIVE_MAX_USD": "1.28",
		"TRTC_START_JOURNAL": t.TempDir(),
	}
	return w
}

func (w *world) program(t *testing.T, out io.Writer) program {
	t.Helper()
	return program{
		lookupEnv: func(name string) (string, bool) { value, ok := w.env[name]; return value, ok },
		homeDir:   func() (string, error) { return t.TempDir(), nil },
		clock:     w.clock, stdout: out,
	}
}

// run runs the command in this process.
func (w *world) run(t *testing.T) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := w.program(t, &out).run(t.Context(), []string{"-snapshots", w.snapshots})
	return code, out.String()
}

func (w *world) expectNoTask(t *testing.T) {
	t.Helper()
	if alive := w.mock.Alive(); len(alive) > 0 {
		t.Errorf("%d tasks are running: %+v", len(alive), alive)
	}
}

func TestRun_ExpectedResponses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil)
	code, out := w.run(t)
	if code != exitEqual || !strings.Contains(out, "0 different, 0 inconclusive") || !strings.Contains(out, "No task of this run is running.") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	w.expectNoTask(t)
	for _, text := range []string{testSecretKey, testSecretID, testStream, testAppKey, "canary"} {
		if strings.Contains(out, text) {
			t.Errorf("the output contains %q", text)
		}
	}
	entries, err := os.ReadDir(filepath.Join(w.env["TRTC_START_JOURNAL"], "live"))
	if err != nil || len(entries) > 0 {
		t.Errorf("the journal has %d files, %v", len(entries), err)
	}
	line, err := conformance.Summary(w.snapshots)
	if err != nil || !strings.HasPrefix(line, fmt.Sprintf("%d of 47 facts", strings.Count(out, "\nequal "))) || !strings.Contains(line, "by hand: 0 of 13") {
		t.Errorf("summary %q, %v", line, err)
	}
}

// TestRun_Inconclusive checks what is printed and recorded of a run without a clear
// result.
func TestRun_Inconclusive(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault  trtcmock.Fault
		only   string
		want   string
		counts map[int]int // observations by probe
	}{
		"lost Start": {trtcmock.Fault{Action: "StartStreamIngest", Kind: trtcmock.FaultDropAfter}, "^(18|31) ", "A task may still be running.", map[int]int{18: 1}},
		"transient response": {
			trtcmock.Fault{Action: "UpdateStreamIngest", Kind: trtcmock.FaultCode, Code: "InternalError.DBError"},
			"^(18|19) ", "transient response InternalError.DBError",
			map[int]int{18: 1},
		},
		"rejected key": {
			trtcmock.Fault{Kind: trtcmock.FaultCode, Code: "AuthFailure.SignatureFailure"},
			"^(18|19) ", "AuthFailure.SignatureFailure", nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, false, nil)
			w.env["TRTC_LIVE_ONLY"] = test.only
			if err := w.mock.Inject(test.fault); err != nil {
				t.Fatal(err)
			}
			if code, out := w.run(t); code != exitInconclusive || !strings.Contains(out, test.want) {
				t.Errorf("exit code %d, want %q in\n%s", code, test.want, out)
			}
			for _, probe := range conformance.Probes() {
				snapshot, err := conformance.ReadSnapshot(w.snapshots, probe)
				if err != nil || len(snapshot.Observations) != test.counts[probe.ID] {
					t.Errorf("probe %d has %d observations, %v", probe.ID, len(snapshot.Observations), err)
				}
			}
		})
	}
}

// writeEnvelope writes a response with the members of Response.
func writeEnvelope(rw http.ResponseWriter, fields map[string]any) {
	fields["RequestId"] = "00000000-0000-4000-8000-000000000000"
	rw.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(rw).Encode(map[string]any{"Response": fields})
}

// parametersOf returns the parameters of a request and restores its body.
func parametersOf(r *http.Request) map[string]any {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	parameters := map[string]any{}
	_ = json.Unmarshal(body, &parameters)
	return parameters
}

// TestRun_AcceptsAnything checks that every task of a service whose Start accepts
// invalid values is stopped.
func TestRun_AcceptsAnything(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	alive := map[any]bool{} // by TaskId
	w := newWorld(t, false, func(_ *world, inner http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			id := parametersOf(r)["TaskId"]
			isAlive, exists := alive[id]
			switch action := r.Header.Get("X-TC-Action"); {
			case action == "StartStreamIngest":
				id = fmt.Sprint(len(alive))
				alive[id] = true
				writeEnvelope(rw, map[string]any{"TaskId": id})
			case action == "StopStreamIngest" && isAlive:
				alive[id] = false
				writeEnvelope(rw, map[string]any{})
			case isAlive:
				writeEnvelope(rw, map[string]any{"Status": "InProgress"})
			case exists && action == "DescribeStreamIngest":
				writeEnvelope(rw, map[string]any{"Status": "NotExist"})
			default:
				inner.ServeHTTP(rw, r)
			}
		})
	})
	code, out := w.run(t)
	if code != exitDifferent || !strings.Contains(out, "≠") || len(alive) < 60 || slices.Contains(slices.Collect(maps.Values(alive)), true) {
		t.Errorf("exit code %d, alive %v:\n%s", code, alive, out)
	}
}

// TestRun_Tier0 checks that tier 0 needs only credentials and starts no task, and that
// neither the output nor a snapshot has a text of a response or request that could
// identify an account.
func TestRun_Tier0(t *testing.T) {
	t.Parallel()
	ids := sync.Map{}
	w := newWorld(t, false, func(_ *world, inner http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			for _, value := range parametersOf(r) {
				if text, _ := value.(string); len(text) > 8 {
					ids.Store(text, true)
				}
			}
			refuse := func(code string) {
				writeEnvelope(rw, map[string]any{"Error": map[string]any{"Code": code, "Message": "canary-message " + testSecretKey}})
			}
			switch r.Header.Get("X-TC-Action") {
			case "DescribeStreamIngest":
				writeEnvelope(rw, map[string]any{"Status": "canary-status", "TaskId": "canary-task"})
			case "UpdateStreamIngest":
				refuse(fmt.Sprintf("FailedOperation.App%d", testApp))
			case "StopStreamIngest":
				refuse(testSecretID)
			default:
				inner.ServeHTTP(rw, r)
			}
		})
	})
	maps.DeleteFunc(w.env, func(name, _ string) bool { return strings.HasPrefix(name, "TRTC_LIVE_") })
	code, out := w.run(t)
	if code != exitDifferent || !strings.Contains(out, "21 probes of the tiers 0 to 0") || len(w.mock.Tasks()) > 0 {
		t.Errorf("exit code %d, %d tasks were started:\n%s", code, len(w.mock.Tasks()), out)
	}
	for _, text := range []string{testSecretID, testSecretKey, fmt.Sprint(testApp), testAppKey, "canary", "127.0.0.1/", "00000000-0000"} {
		ids.Store(text, true)
	}
	files, err := filepath.Glob(filepath.Join(w.snapshots, "*.json"))
	if err != nil || len(files) < 15 {
		t.Errorf("%d snapshots, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out += string(text)
	}
	for id := range maps.Collect(ids.Range) {
		if strings.Contains(out, fmt.Sprint(id)) {
			t.Errorf("the output or a snapshot contains %q", id)
		}
	}
}
