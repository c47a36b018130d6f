package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
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
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/conformance"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
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
	url   string
	env   map[string]string
	// snapshots is a copy of the snapshots. The directory may not exist.
	snapshots string
}

// newWorld starts a mock with a clock that only advances when the command sleeps, or
// with real time.
func newWorld(t *testing.T, realTime bool, change func(*trtcmock.Options), wrap func(w *world, inner http.Handler) http.Handler) *world {
	t.Helper()
	w := &world{clock: clock.System(), snapshots: filepath.Join(t.TempDir(), "testdata")}
	options := trtcmock.Options{
		Credentials: map[string]string{testSecretID: testSecretKey},
		AppKeys:     map[uint64]string{testApp: testAppKey},
		AnyAppKey:   strings.Repeat("0", 64),
		Quota:       1, TaskDuration: time.Minute, Roles: map[string]bool{},
	}
	if !realTime {
		fake := clocktest.New(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
		w.clock, options.Now, options.Sleep = fake, fake.Now, fake.Sleep
	}
	if change != nil {
		change(&options)
	}
	w.mock = trtcmock.New(options)
	t.Cleanup(w.mock.Close)
	var handler http.Handler = w.mock
	if wrap != nil {
		handler = wrap(w, handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	w.url = server.URL
	w.env = map[string]string{
		"TENCENTCLOUD_SECRET_ID": testSecretID, "TENCENTCLOUD_SECRET_KEY": testSecretKey,
		"TENCENTCLOUD_TRTC_ENDPOINT": w.url, "TENCENTCLOUD_STS_ENDPOINT": w.url,
		"TRTC_LIVE_TIER": "1", "TRTC_LIVE_SDK_APP_ID": fmt.Sprint(testApp), "TRTC_SDK_SECRET_KEY": testAppKey,
		"TRTC_LIVE_STREAM_URL": testStream, "TRTC_LIVE_MAX_USD": "1.28",
		"TRTC_START_JOURNAL": t.TempDir(),
	}
	if err := os.CopyFS(w.snapshots, os.DirFS(filepath.Join(repository, snapshots))); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return w
}

// run runs the command in this process.
func (w *world) run(t *testing.T) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := program{
		lookupEnv: func(name string) (string, bool) { value, ok := w.env[name]; return value, ok },
		homeDir:   func() (string, error) { return t.TempDir(), nil },
		clock:     w.clock, stdout: &out,
	}.run(t.Context(), []string{"-snapshots", w.snapshots})
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
	w := newWorld(t, false, nil, nil)
	code, out := w.run(t)
	if code != exitEqual || !strings.Contains(out, "0 different, 0 inconclusive") || !strings.Contains(out, "No task of this run is running.") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	w.expectNoTask(t)
	for _, task := range w.mock.Tasks() {
		if !strings.HasPrefix(task.UserID, "tf-live-") {
			t.Errorf("a task has the user %q", task.UserID)
		}
	}
	for _, text := range []string{testSecretKey, testSecretID, testStream, testAppKey, "canary"} {
		if strings.Contains(out, text) {
			t.Errorf("the output contains %q", text)
		}
	}
	entries, err := os.ReadDir(filepath.Join(w.env["TRTC_START_JOURNAL"], "live"))
	if err != nil || len(entries) > 0 {
		t.Errorf("the journal has %d files, %v", len(entries), err)
	}
	line, err := conformance.Summary(os.DirFS(w.snapshots))
	if err != nil || !strings.HasPrefix(line, fmt.Sprintf("%d of 47 facts", strings.Count(out, "\nequal "))) || !strings.Contains(line, "by hand: 0 of 12") {
		t.Errorf("summary %q, %v", line, err)
	}
}

// TestRun_Tier0 checks that tier 0 needs only credentials and starts no task.
func TestRun_Tier0(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil, nil)
	maps.DeleteFunc(w.env, func(name, _ string) bool { return strings.HasPrefix(name, "TRTC_LIVE_") })
	code, out := w.run(t)
	if code != exitEqual || !strings.Contains(out, "22 probes of the tiers 0 to 0") || len(w.mock.Tasks()) > 0 {
		t.Errorf("exit code %d, %d tasks were started:\n%s", code, len(w.mock.Tasks()), out)
	}
}

// writeEnvelope writes a response with the members of Response.
func writeEnvelope(rw http.ResponseWriter, fields map[string]any) {
	fields["RequestId"] = "00000000-0000-4000-8000-000000000000"
	rw.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(rw).Encode(map[string]any{"Response": fields})
}

func refusal(code string) map[string]any {
	return map[string]any{"Error": map[string]any{"Code": code, "Message": "canary-message " + testSecretKey}}
}

// sent returns the parameters of a request and restores its body.
func sent(r *http.Request) map[string]any {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	parameters := map[string]any{}
	_ = decoder.Decode(&parameters)
	return parameters
}

// onAction wraps the calls of one action.
func onAction(action string, handle func(w *world, inner http.Handler, rw http.ResponseWriter, r *http.Request)) func(*world, http.Handler) http.Handler {
	return func(w *world, inner http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-TC-Action") == action {
				handle(w, inner, rw, r)
				return
			}
			inner.ServeHTTP(rw, r)
		})
	}
}

// otherCodes is a service with other codes of Stop.
func otherCodes(_ *world, inner http.Handler, rw http.ResponseWriter, r *http.Request) {
	recorder := httptest.NewRecorder()
	inner.ServeHTTP(recorder, r)
	_, _ = io.WriteString(rw, strings.NewReplacer(
		"FailedOperation.TaskFinished", "FailedOperation.TaskNotExist", "InvalidParameter.BodyParamsError", "InvalidParameter",
	).Replace(recorder.Body.String()))
}

// acceptsAnything is a service whose Start replaces invalid values with valid values.
func acceptsAnything(w *world, _ http.Handler, rw http.ResponseWriter, r *http.Request) {
	parameters := sent(r)
	good := map[string]any{
		"SdkAppId": parameters["SdkAppId"], "RoomId": fmt.Sprintf("room-%d", len(w.mock.Tasks())), "RoomIdType": 0,
		"UserId": "anybody", "UserSig": "x", "StreamUrl": "http://media.example/a.mp3", "RepeatNum": -1,
	}
	endpoint, _ := cloudapi.ParseEndpoint(w.url)
	var out struct {
		TaskID string `json:"TaskId"`
	}
	inner := httptest.NewServer(w.mock)
	defer inner.Close()
	endpoint.Host = strings.TrimPrefix(inner.URL, "http://")
	_, err := cloudapi.NewClient(cloudapi.Config{Clock: w.clock}).Call(r.Context(),
		cloudapi.Credential{SecretID: secret.New(testSecretID), SecretKey: secret.New(testSecretKey)}, cloudapi.Request{
			Endpoint: endpoint, Service: "trtc", Version: "2019-07-22", Action: "StartStreamIngest", Region: "ap-singapore", Parameters: good,
		}, &out)
	if err != nil {
		writeEnvelope(rw, refusal("InvalidParameter"))
		return
	}
	writeEnvelope(rw, map[string]any{"TaskId": out.TaskID})
}

func TestRun_OtherResponses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*trtcmock.Options)
		wrap   func(*world, http.Handler) http.Handler
		want   []string
	}{
		"other codes": {wrap: onAction("StopStreamIngest", otherCodes), want: []string{
			"10 stop ap-bangkok", "10 stop ap-guangzhou", "10 stop ap-jakarta", "10 stop ap-mumbai", "10 stop ap-singapore", "10 stop ap-tokyo",
			"13 stop array", "13 stop broken", "13 stop text", "20 short", "20 well-formed", "36 stop", "36 stop again",
		}},
		"a Start that accepts bad values": {
			change: func(o *trtcmock.Options) { o.AppKeys, o.AnyAppKey, o.Quota = nil, "", 0 },
			wrap:   onAction("StartStreamIngest", acceptsAnything),
			want: []string{
				"11 start RoomId", "11 start RoomIdType", "11 start SdkAppId", "11 start UserId", "11 start UserSig",
				"12 StreamUrl", "12 UserId", "12 UserSig", "12 integer room", "12 string room", "13 start text", "14 start",
				"15 start", "15 start SourceUrl",
				"16 start EnableProgress", "16 start IdleTimeout", "16 start Tempo", "16 start Volume", "17 start 2^32-1",
				"21 StreamUrl", "21 Volume", "21 ticket alone",
				"25 expired", "25 no ticket", "25 other application", "25 other key", "25 other user", "26 word, type 1",
				"27 0", "27 01", "27 2^32", "27 65 bytes", "27 slash", "28 33 bytes", "28 at sign", "29 empty", "29 ftp",
				"30 MaxDuration 0", "30 MaxDuration 10081", "30 RepeatNum -2", "30 RepeatNum 0", "30 RepeatNum 1001",
				"30 RoomIdType 2", "30 SeekSecond -1", "30 Volume above its maximum",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, false, test.change, test.wrap)
			code, out := w.run(t)
			if code != exitDifferent {
				t.Errorf("exit code %d, want %d:\n%s", code, exitDifferent, out)
			}
			w.expectNoTask(t)
			got := differences(t, w.snapshots)
			if !slices.Equal(got, slices.Sorted(slices.Values(test.want))) {
				t.Errorf("differences\n%q, want\n%q", got, test.want)
			}
			if strings.Count(out, "≠") != len(test.want) {
				t.Errorf("the table shows %d differences, want %d:\n%s", strings.Count(out, "≠"), len(test.want), out)
			}
		})
	}
}

// differences returns the cases in which the observation differs from the
// expectation.
func differences(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	for _, probe := range conformance.Probes() {
		snapshot, err := conformance.ReadSnapshot(os.DirFS(dir), probe)
		if err != nil {
			t.Fatal(err)
		}
		before, err := conformance.ReadSnapshot(os.DirFS(filepath.Join(repository, snapshots)), probe)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range snapshot.Observed(false) {
			if before.Expected(probe, false)[name] != value {
				all = append(all, fmt.Sprintf("%d %s", probe.ID, name))
			}
		}
	}
	slices.Sort(all)
	return all
}

// TestSnapshots_NoSecret checks that a snapshot has no text of a response that could
// identify an account.
func TestSnapshots_NoSecret(t *testing.T) {
	t.Parallel()
	ids := sync.Map{}
	w := newWorld(t, false, nil, func(_ *world, inner http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			parameters := sent(r)
			for _, name := range []string{"TaskId", "RoomId", "UserId", "UserSig"} {
				if text, _ := parameters[name].(string); len(text) > 8 {
					ids.Store(text, true)
				}
			}
			switch r.Header.Get("X-TC-Action") {
			case "DescribeStreamIngest":
				writeEnvelope(rw, map[string]any{"Status": "canary-status", "TaskId": "canary-task"})
			case "UpdateStreamIngest":
				writeEnvelope(rw, refusal(fmt.Sprintf("FailedOperation.App%d", testApp)))
			case "StopStreamIngest":
				writeEnvelope(rw, refusal(testSecretID))
			default:
				inner.ServeHTTP(rw, r)
			}
		})
	})
	delete(w.env, "TRTC_LIVE_TIER")
	if code, out := w.run(t); code != exitDifferent || strings.Contains(out, "canary") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	ids.Store(w.url, true)
	for _, text := range []string{testSecretID, testSecretKey, fmt.Sprint(testApp), testAppKey, "media.example", "canary", "127.0.0.1", "00000000-0000"} {
		ids.Store(text, true)
	}
	count := 0
	err := fs.WalkDir(os.DirFS(w.snapshots), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(w.snapshots, path))
		count += strings.Count(string(text), `"account_label"`)
		for id := range maps.Collect(ids.Range) {
			if strings.Contains(string(text), fmt.Sprint(id)) {
				t.Errorf("%s contains %q", path, id)
			}
		}
		return err
	})
	if err != nil || count < 15 {
		t.Errorf("%d observations, %v", count, err)
	}
}

// TestSnapshots_Append checks that conclusive observations are appended.
func TestSnapshots_Append(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil, nil)
	w.env["TRTC_LIVE_ONLY"] = "^(18|19) "
	w.env["TRTC_LIVE_TIER"] = "0"
	if code, out := w.run(t); code != exitEqual {
		t.Fatalf("exit code %d:\n%s", code, out)
	}
	fault := trtcmock.Fault{Action: "UpdateStreamIngest", Kind: trtcmock.FaultCode, Code: "InternalError.DBError"}
	if err := w.mock.Inject(fault); err != nil {
		t.Fatal(err)
	}
	if code, out := w.run(t); code != exitInconclusive || !strings.Contains(out, "transient response InternalError.DBError") {
		t.Errorf("exit code %d after a transient response:\n%s", code, out)
	}
	for id, want := range map[int]int{18: 2, 19: 1, 20: 0} {
		probe := conformance.Probes()[id-1]
		before, _ := conformance.ReadSnapshot(os.DirFS(filepath.Join(repository, snapshots)), probe)
		snapshot, err := conformance.ReadSnapshot(os.DirFS(w.snapshots), probe)
		if added := len(snapshot.Observations) - len(before.Observations); err != nil || added != want {
			t.Errorf("probe %d has %d more observations, %v, want %d", id, added, err, want)
		}
	}
}

// TestRun_RejectedKey checks that a run with a rejected key records no observations.
func TestRun_RejectedKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil, nil)
	w.env["TENCENTCLOUD_SECRET_KEY"] = "another"
	code, out := w.run(t)
	if code != exitInconclusive || !strings.Contains(out, "AuthFailure.SignatureFailure") || len(w.mock.Journal()) != 1 {
		t.Errorf("exit code %d after %d calls:\n%s", code, len(w.mock.Journal()), out)
	}
}
