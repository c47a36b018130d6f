package provider_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http/httpproxy"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/streamcheck"
)

const (
	// mediaURL and nextURL lead to files of a media server. The query is a secret.
	mediaURL = "http://media.example.com/h264-aac.flv?token=c4n4ry"
	nextURL  = "http://media.example.com/moov-first.mp4?token=c4n4ry"

	mayNotPlay = "The stream may not play"
	notFound   = "HTTP status 404"
)

// mediaServer is the host media.example.com, which has the test media of
// streamcheck. It counts requests.
type mediaServer struct {
	*httptest.Server

	// status is the HTTP status of every response.
	status   atomic.Int64
	requests atomic.Int64
}

func newMediaServer(t testing.TB) *mediaServer {
	t.Helper()
	m := &mediaServer{}
	m.status.Store(http.StatusOK)
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.requests.Add(1)
		if status := int(m.status.Load()); status != http.StatusOK {
			w.WriteHeader(status)
			return
		}
		http.ServeFile(w, r, "../streamcheck/testdata"+r.URL.Path)
	}))
	t.Cleanup(m.Close)
	return m
}

// newWatched returns a world whose providers reach a media server.
func newWatched(t testing.TB) (*acctest.World, *mediaServer) {
	t.Helper()
	world, media := acctest.NewWorld(t), newMediaServer(t)
	world.Options.StreamCheck = streamcheck.Options{
		Clock:   clock.System(),
		Proxies: &httpproxy.Config{},
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, media.Listener.Addr().String())
		},
	}
	return world, media
}

// expectRequests checks how many requests there were since the last call.
func (m *mediaServer) expectRequests(t testing.TB, want int64) {
	t.Helper()
	if got := m.requests.Swap(0); got != want {
		t.Errorf("%d requests of the stream, want %d", got, want)
	}
}

// expectFindings checks the diagnostics about the stream, and that none has the
// query of its URL.
func expectFindings(t testing.TB, diags tfcore.Diagnostics, attribute string, warnings int) {
	t.Helper()
	found := diags.Mentioning(mayNotPlay)
	if len(found.On(attribute)) != len(found) || len(found.Warnings()) != warnings || found.HasErrors() {
		t.Errorf("diagnostics %q, want %d warnings about the stream on %s", diags, warnings, attribute)
	}
	if strings.Contains(diags.String(), "c4n4ry") {
		t.Errorf("a diagnostic has the query of the URL: %s", diags)
	}
}

// TestStreamCheck_URL checks what a plan reports about the URL alone, without a
// request, and that stream_check = "error" makes it an error of the apply.
func TestStreamCheck_URL(t *testing.T) {
	t.Parallel()
	const soon = "https://example.com/live.flv?token=c4n4ry&Expires=1772370000" // 13:00, in one hour.
	endless := tfcore.Values{"repeat_num": -1}
	limited := func(minutes int) tfcore.Values { return tfcore.Values{"repeat_num": -1, "max_duration": minutes} }
	for name, test := range map[string]struct {
		url     string
		changes tfcore.Values
		want    string
	}{
		"private address":               {"http://10.1.2.3/live.flv?token=c4n4ry", nil, "cannot reach the host 10.1.2.3"},
		"expired":                       {"https://example.com/live.flv?Expires=1772360000&token=c4n4ry", nil, "expired at 2026-03-01T10:13:20Z"},
		"end unknown":                   {soon, nil, ""},
		"endless":                       {soon, endless, "can run without end"},
		"ends before the signature":     {soon, limited(60), ""},
		"ends after the signature":      {soon, limited(61), "can run until 2026-03-01T13:01:00Z"},
		"max_duration known only later": {soon, limited(61).With(tfcore.Values{"max_duration": tfcore.Unknown}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world, media := newWatched(t)
			config := world.Values(t, tfcore.Values{"stream_url": test.url}).With(test.changes)
			plan := world.Session(t).Plan(t.Context(), config)
			findings := 1
			if test.want == "" {
				findings = 0
			} else {
				acctest.ExpectWarning(t, plan.Diagnostics, test.want)
			}
			expectFindings(t, plan.Diagnostics, "stream_url", findings)
			media.expectRequests(t, 0)
			if findings == 0 {
				return
			}
			session, config := world.Session(t), config.With(tfcore.Values{"stream_check": "error"})
			media.status.Store(http.StatusForbidden) // A warning even with "error".
			plan = session.Plan(t.Context(), config)
			acctest.ExpectWarning(t, plan.Diagnostics, "An apply that starts or updates this task fails with this error.")
			diags := session.Apply(t.Context(), plan)
			if len(diags.Errors()) != 1 || len(diags.Errors().On("stream_url").Mentioning(test.want).Mentioning(`stream_check = "warn"`)) != 1 {
				t.Errorf("diagnostics %q, want one error that mentions %q", diags, test.want)
			}
			world.ExpectJournal(t)
		})
	}
}

// TestStreamCheck_URLOfRunningTask checks that a plan judges a new URL of a running
// task by the recorded end of the task, and a URL that does not change not at all.
func TestStreamCheck_URLOfRunningTask(t *testing.T) {
	t.Parallel()
	world, _ := newWatched(t)
	config := world.Values(t, tfcore.Values{
		"stream_url": "https://example.com/1?Expires=1772366400", "repeat_num": -1, "max_duration": 60, // Expires at 12:00.
	})
	session := world.Created(t, config)
	world.Clock.Advance(30 * time.Minute)
	for _, change := range []tfcore.Values{nil, {"volume": 7}} {
		expectFindings(t, session.Plan(t.Context(), config.With(change)).Diagnostics, "", 0)
	}
	for expiry, warnings := range map[string]int{"1772370100": 0, "1772369900": 1} { // Around 13:00.
		plan := session.Plan(t.Context(), config.With(tfcore.Values{"stream_url": "https://example.com/2?token=c4n4ry&Expires=" + expiry}))
		expectFindings(t, plan.Diagnostics, "stream_url", warnings)
	}
}

// TestStreamCheck checks what each value of stream_check does with a stream that
// plays, that does not exist, and that only this machine may not read.
func TestStreamCheck(t *testing.T) {
	t.Parallel()
	finished := []string{acctest.Stop + ":FailedOperation.TaskFinished"}
	for name, operation := range map[string]struct {
		begin          func(*testing.T, *acctest.World, tfcore.Values) *tfcore.Session
		change         tfcore.Values
		calls          []string
		replaces       bool
		callsOfRefused []string
	}{
		"create":                     {planned, nil, []string{acctest.Start, acctest.Describe}, false, nil},
		"update":                     {created, tfcore.Values{"stream_url": nextURL}, oneUpdate, false, nil},
		"update of a write-only URL": {created, tfcore.Values{"stream_url": nil, "stream_url_wo": nextURL, "stream_url_wo_version": 1}, oneUpdate, false, nil},
		"replace":                    {created, tfcore.Values{"seek_second": 9}, restart, true, nil},
		"restart of an ended task":   {ended, tfcore.Values{"volume": 7}, append(finished, restart[1:]...), false, finished},
	} {
		for _, status := range []int{http.StatusOK, http.StatusNotFound, http.StatusForbidden} {
			for _, mode := range []string{"off", "warn", "error"} {
				t.Run(fmt.Sprintf("%s/%d/%s", name, status, mode), func(t *testing.T) {
					t.Parallel()
					world, media := newWatched(t)
					before := world.Values(t, tfcore.Values{"stream_url": mediaURL, "stream_check": mode, "on_task_end": "keep"})
					session, after := operation.begin(t, world, before), before.With(operation.change)
					session.Serve(world.Provider(t, nil))
					media.status.Store(int64(status))
					media.requests.Store(0)
					world.Mock.ResetJournal()
					attribute, warnings, looks, refused := "stream_url", 0, int64(1), status == http.StatusNotFound && mode == "error"
					if after["stream_url"] == nil {
						attribute = "stream_url_wo"
					}
					switch {
					case mode == "off":
						looks = 0
					case status != http.StatusOK:
						warnings = 1
					}
					plan := session.Plan(t.Context(), after)
					media.expectRequests(t, looks)
					if refused && operation.replaces {
						acctest.ExpectError(t, plan.Diagnostics, attribute, notFound, "terraform destroy -refresh=false", `stream_check = "warn"`)
						return
					}
					expectFindings(t, plan.Diagnostics, attribute, warnings)
					session.Serve(world.Provider(t, nil)) // The apply is another walk.
					diags := session.Apply(t.Context(), plan)
					media.expectRequests(t, looks)
					if refused {
						acctest.ExpectError(t, diags, attribute, notFound, "from the machine that runs Terraform", `stream_check = "warn"`)
						world.ExpectChanges(t, operation.callsOfRefused...)
						return
					}
					acctest.ExpectSilence(t, diags) // A session drops the warnings of the second plan.
					world.ExpectJournal(t, operation.calls...)
				})
			}
		}
	}
}

// TestStreamCheck_Stopped checks that a replacement whose source failed after the
// plan starts the new task: the old one is stopped already.
func TestStreamCheck_Stopped(t *testing.T) {
	t.Parallel()
	world, media := newWatched(t)
	config := world.Values(t, tfcore.Values{"stream_url": mediaURL, "stream_check": "error"})
	session := world.Created(t, config)
	session.Serve(world.Provider(t, nil))
	plan := session.Plan(t.Context(), config.With(tfcore.Values{"room_id": "1002"}))
	acctest.ExpectSilence(t, plan.Diagnostics)
	media.status.Store(http.StatusNotFound)
	session.Serve(world.Provider(t, nil))
	acctest.ExpectSuccess(t, session.Apply(t.Context(), plan))
	world.ExpectJournal(t, restart...)
}

// TestStreamCheck_Findings checks that a plan reports everything that it finds in
// one warning, and that an apply refuses what cannot be played.
func TestStreamCheck_Findings(t *testing.T) {
	t.Parallel()
	world, _ := newWatched(t)
	config := world.Values(t, tfcore.Values{"stream_url": "http://media.example.com/vp9.webm?token=c4n4ry&Expires=1772360000", "stream_check": "warn"})
	diags := world.Session(t).Plan(t.Context(), config).Diagnostics
	expectFindings(t, diags, "stream_url", 1)
	for _, text := range []string{mayNotPlay + ": expired signature, WebM, VP9 video", "expired at", "delivers WebM"} {
		acctest.ExpectWarning(t, diags, text)
	}
	if strings.Count(diags.String(), "machine that runs Terraform") != 1 {
		t.Errorf("%q does not say once where the stream was checked from", diags)
	}

	session := world.Session(t)
	plan := session.Plan(t.Context(), config.With(tfcore.Values{"stream_check": "error"}))
	expectFindings(t, plan.Diagnostics, "stream_url", 2)
	acctest.ExpectError(t, session.Apply(t.Context(), plan), "stream_url", "expired at", "VP9", `stream_check = "warn"`)
	world.ExpectJournal(t)
}

// TestStreamCheck_NoLook checks which changes request nothing.
func TestStreamCheck_NoLook(t *testing.T) {
	t.Parallel()
	world, media := newWatched(t)
	media.status.Store(http.StatusNotFound)
	config := world.Values(t, tfcore.Values{"stream_url": mediaURL})
	session := world.Created(t, config)
	for _, change := range []tfcore.Values{
		{"stream_check": "warn"}, {"stream_check": "error"}, {"stream_check": "error", "volume": 7}, {"volume": 7}, {"stream_check": "off"},
	} {
		plan, diags := session.ApplyConfig(t.Context(), config.With(change))
		if plan.Action != tfcore.Update || diags.HasErrors() {
			t.Errorf("planned to %s: %s", plan, diags)
		}
		expectFindings(t, plan.Diagnostics, "", 0)
		acctest.ExpectSettled(t, session, config.With(change))
	}
	acctest.ExpectApply(t, session, config.With(tfcore.Values{"stream_check": "error", "stream_url": nil, "seek_second": 9}), tfcore.Replace)
	media.expectRequests(t, 0)

	world, media = newWatched(t)
	adopted, config := imported(t, world), config.With(tfcore.Values{"stream_check": "error"})
	acctest.ExpectApply(t, adopted, config, tfcore.Update)
	acctest.ExpectSettled(t, adopted, config)
	media.expectRequests(t, 0)
}

// TestStreamCheck_Unknown checks that the apply looks at a URL that the plan does
// not know, and that it follows a value of stream_check that the plan does not know.
func TestStreamCheck_Unknown(t *testing.T) {
	t.Parallel()
	for name, values := range map[string]tfcore.Values{
		"stream_url":    {"stream_url": tfcore.Unknown},
		"stream_url_wo": {"stream_url": nil, "stream_url_wo": tfcore.Unknown, "stream_url_wo_version": 1},
		"stream_check":  {"stream_check": tfcore.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world, media := newWatched(t)
			media.status.Store(http.StatusNotFound)
			config := world.Values(t, tfcore.Values{"stream_url": mediaURL, "stream_check": "error"}).With(values)
			session := world.Session(t)
			plan := session.Plan(t.Context(), config)
			if len(plan.Diagnostics) > 0 {
				t.Error(plan.Diagnostics)
			}
			media.expectRequests(t, 0)
			attribute := "stream_url"
			if name == "stream_check" {
				plan.Config = config.With(tfcore.Values{name: "error"})
			} else {
				plan.Config, attribute = config.With(tfcore.Values{name: mediaURL}), name
			}
			acctest.ExpectError(t, session.Apply(t.Context(), plan), attribute, notFound)
			media.expectRequests(t, 1)
			world.ExpectJournal(t)
		})
	}
}

// TestStreamCheck_OneLook checks that resources with one URL share one request in a
// walk.
func TestStreamCheck_OneLook(t *testing.T) {
	t.Parallel()
	const rooms = 200
	world, media := newWatched(t)
	media.status.Store(http.StatusNotFound)
	session := world.Session(t)
	var all sync.WaitGroup
	for room := range rooms {
		user := fmt.Sprintf("robot-%d", room)
		config := world.Values(t, tfcore.Values{"user_id": user, "user_sig": world.UserSig(t, user), "stream_url": mediaURL, "stream_check": "warn"})
		sibling := session.Sibling()
		all.Go(func() { expectFindings(t, sibling.Plan(t.Context(), config).Diagnostics, "stream_url", 1) })
	}
	all.Wait()
	media.expectRequests(t, 1)
}

// TestStreamCheck_Canceled checks that a run that is canceled during the check ends
// at once and starts nothing.
func TestStreamCheck_Canceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	world, _ := newWatched(t)
	hanging := make(chan struct{})
	t.Cleanup(func() { close(hanging) })
	world.Options.StreamCheck.Dial = func(context.Context, string, string) (net.Conn, error) {
		cancel()
		<-hanging
		return nil, net.ErrClosed
	}
	config := world.Values(t, tfcore.Values{"stream_url": mediaURL, "stream_check": "error"})
	session := world.Session(t)
	plan := session.Plan(ctx, config.With(tfcore.Values{"stream_url": tfcore.Unknown}))
	plan.Config = config
	applied := make(chan tfcore.Diagnostics, 1)
	go func() { applied <- session.Apply(ctx, plan) }()
	select {
	case diags := <-applied:
		if !diags.HasErrors() || ctx.Err() == nil {
			t.Errorf("diagnostics %q, want an error after the cancellation", diags)
		}
	case <-time.After(5 * time.Second):
		t.Error("the apply waits for the server of the stream")
	}
	world.ExpectJournal(t)
}
