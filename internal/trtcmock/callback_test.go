package trtcmock

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// callback is the body of a callback and when it arrived.
type callback struct {
	EventGroupID int `json:"EventGroupId"`
	EventType    int
	CallbackMsTS int64 `json:"CallbackMsTs"`
	EventInfo    struct {
		EventMsTS int64  `json:"EventMsTs"`
		TaskID    string `json:"TaskId"`
		Status    *int
	}
	after time.Duration // since the receiver was made
}

// receiver is a callback receiver without a network. It responds to each event with
// the next status; 0 and the end of the list stand for no response.
type receiver struct {
	began    time.Time
	slowness time.Duration // the time that a post without a response takes
	mu       sync.Mutex
	statuses []int
	events   []callback
}

func (c *receiver) RoundTrip(r *http.Request) (*http.Response, error) {
	e := callback{after: time.Since(c.began)}
	if err := json.NewDecoder(r.Body).Decode(&e); err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.events = append(c.events, e)
	status := 0
	if len(c.statuses) > 0 {
		status, c.statuses = c.statuses[0], c.statuses[1:]
	}
	c.mu.Unlock()
	if status == 0 {
		<-r.Context().Done()
		time.Sleep(c.slowness)
		return nil, r.Context().Err()
	}
	header := http.Header{"Location": {"http://receiver.example.com/elsewhere"}}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(`{"code":0}`)), Request: r}, nil
}

// posted returns when the events of a type arrived.
func (c *receiver) posted(eventType int) (after []time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.events {
		if e.EventType == eventType {
			after = append(after, e.after)
		}
	}
	return after
}

// inBubble runs a test on the clock of a synctest bubble.
func inBubble(t *testing.T, statuses []int, change func(*Options), test func(*testServer, *receiver)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newTestServer(t, func(o *Options) {
			o.CallbackURL, o.Now, o.Sleep = "http://receiver.example.com/", time.Now, nil
			if change != nil {
				change(o)
			}
		})
		defer s.Close()
		c := &receiver{began: time.Now(), statuses: statuses}
		s.callbacks.client.Transport = c
		test(s, c)
	})
}

// callNow is call with a signature of the bubble's time.
func (s *testServer) callNow(action string, parameters map[string]any) testResponse {
	s.t.Helper()
	m := s.newRequest(action, parameters)
	m.timestamp = time.Now()
	a := s.send(m)
	s.wantCode(a, "")
	return a
}

func TestCallbacks_Format(t *testing.T) {
	t.Parallel()
	type post struct {
		header http.Header
		body   []byte
	}
	posts := make(chan post, 2)
	front := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		posts <- post{r.Header, body}
	}))
	defer front.Close()
	s := newTestServer(t, func(o *Options) {
		o.CallbackURL, o.CallbackKey, o.TaskDuration = front.URL, "callback-key", time.Minute
	})
	defer s.Close()
	id := s.started(nil)
	for i, want := range []struct {
		eventType int
		at        time.Time
	}{{701, testStart()}, {702, testStart().Add(time.Minute)}} {
		p := <-posts
		mac := hmac.New(sha256.New, []byte("callback-key"))
		mac.Write(p.body)
		if got := p.header.Get("Sign"); got != base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
			t.Errorf("event %d: Sign %q", i, got)
		}
		if p.header.Get("SdkAppId") != "1400000001" || p.header.Get("Content-Type") != "application/json" {
			t.Errorf("event %d: header %v", i, p.header)
		}
		var e callback
		if err := json.Unmarshal(p.body, &e); err != nil {
			t.Fatal(err)
		}
		info := e.EventInfo
		if e.EventGroupID != 7 || e.EventType != want.eventType || e.CallbackMsTS < want.at.UnixMilli() ||
			info.TaskID != id || info.EventMsTS != want.at.UnixMilli() || info.Status == nil || *info.Status != 0 {
			t.Errorf("event %d: %s", i, p.body)
		}
	}
}

func seconds(list ...int) (times []time.Duration) {
	for _, n := range list {
		times = append(times, time.Duration(n)*time.Second)
	}
	return times
}

func TestCallbacks_Retries(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		statuses []int
		want     []time.Duration
	}{
		"status 200":         {[]int{200}, seconds(0)},
		"status 200 at last": {[]int{0, 500, 200}, seconds(0, 5, 15)},
		"redirected":         {[]int{307, 200}, seconds(0, 0)},
		"no content":         {[]int{204, 201, 200}, seconds(0, 0, 10)},
		"never a response":   {nil, seconds(0, 5, 20, 35, 50)},
		"always refused":     {slices.Repeat([]int{503}, 20), seconds(0, 0, 10, 20, 30, 40, 50, 60)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, test.statuses, nil, func(s *testServer, c *receiver) {
				began := time.Now()
				s.callNow("StartStreamIngest", startWith(nil))
				if took := time.Since(began); took != 0 {
					t.Errorf("the API was delayed by %v", took)
				}
				time.Sleep(time.Hour)
				if got := c.posted(eventStart); !slices.Equal(got, test.want) {
					t.Errorf("posted after %v, want %v", got, test.want)
				}
			})
		})
	}
}

func TestCallbacks_End(t *testing.T) {
	t.Parallel()
	stop := func(s *testServer, id string) { s.callNow("StopStreamIngest", target(id)) }
	for name, test := range map[string]struct {
		change   func(*Options)
		end      func(s *testServer, id string)
		statuses []int
		want     []time.Duration
	}{
		"still running":             {},
		"play over":                 {change: func(o *Options) { o.TaskDuration = time.Hour }, want: seconds(3600)},
		"stopped":                   {end: stop, want: seconds(60)},
		"stopped before its end":    {change: func(o *Options) { o.TaskDuration = time.Hour }, end: stop, want: seconds(60)},
		"stopped, lingers":          {change: func(o *Options) { o.Linger = 5 * time.Second }, end: stop, want: seconds(65)},
		"finished":                  {end: func(s *testServer, id string) { s.Finish(id) }, want: seconds(60)},
		"finished while it lingers": {change: func(o *Options) { o.Linger = time.Hour }, end: func(s *testServer, id string) { stop(s, id); s.Finish(id) }, want: seconds(60)},
		"reset":                     {change: func(o *Options) { o.TaskDuration = time.Hour }, end: func(s *testServer, _ string) { s.Reset() }},
		"closed":                    {change: func(o *Options) { o.TaskDuration = time.Hour }, end: func(s *testServer, id string) { s.Close(); stop(s, id) }},
		"stop without a response":   {change: func(o *Options) { o.TaskDuration = 65 * time.Second }, end: stop, statuses: []int{200, 0, 0, 200}, want: seconds(60, 65, 80)},
		"start without a response":  {end: stop, statuses: []int{0, 0, 0, 0, 503, 503, 200}, want: seconds(60)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			statuses := test.statuses
			if statuses == nil {
				statuses = []int{200, 200, 200}
			}
			inBubble(t, statuses, test.change, func(s *testServer, c *receiver) {
				id := s.callNow("StartStreamIngest", startWith(nil)).Response.TaskID
				time.Sleep(time.Minute)
				if test.end != nil {
					test.end(s, id)
				}
				time.Sleep(24 * time.Hour)
				if got := c.posted(eventStop); !slices.Equal(got, test.want) {
					t.Errorf("702 posted after %v, want %v", got, test.want)
				}
			})
		})
	}
}

// summary returns the events of tasks in the order of their arrival: their status,
// or "end", and the seconds and milliseconds of EventMsTs since the start.
func (c *receiver) summary() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []string
	for _, e := range c.events {
		what := strconv.Itoa(*e.EventInfo.Status)
		if e.EventType == eventStop {
			what = "end"
		}
		all = append(all, fmt.Sprintf("%s@%.3f", what, time.UnixMilli(e.EventInfo.EventMsTS).Sub(c.began).Seconds()))
	}
	return strings.Join(all, " ")
}

// TestCallbacks_PlayFailures checks the events of a task whose first plays fail:
// the service plays again after 0, 1 and 3 seconds.
func TestCallbacks_PlayFailures(t *testing.T) {
	t.Parallel()
	failing := func(count int) func(*Options) { return func(o *Options) { o.PlayFailures = count } }
	for name, test := range map[string]struct {
		change func(*Options)
		fault  int
		want   string
	}{
		"none":                       {failing(0), 0, "0@0.000"},
		"one":                        {failing(1), 0, "1@0.000 2@0.001 0@0.002"},
		"three":                      {failing(3), 0, "1@0.000 2@0.001 1@0.002 2@1.002 1@1.003 2@4.003 0@4.004"},
		"all":                        {failing(99), 0, "1@0.000 2@0.001 1@0.002 2@1.002 1@1.003 2@4.003 1@4.004"},
		"fault":                      {failing(99), 1, "1@0.000 2@0.001 0@0.002"},
		"reversed":                   {func(o *Options) { o.PlayFailures, o.CallbacksReversed = 1, true }, 0, "0@0.002 2@0.001 1@0.000"},
		"ended before the next play": {func(o *Options) { o.PlayFailures, o.TaskDuration = 99, time.Second/2 }, 0, "1@0.000 2@0.001 1@0.002 end@0.500"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, slices.Repeat([]int{200}, 20), test.change, func(s *testServer, c *receiver) {
				if test.fault > 0 {
					if err := s.Inject(Fault{Action: "StartStreamIngest", Kind: FaultPlay, PlayFailures: test.fault}); err != nil {
						t.Fatal(err)
					}
				}
				s.callNow("StartStreamIngest", startWith(nil))
				time.Sleep(time.Hour)
				if got := c.summary(); got != test.want {
					t.Errorf("posted %s, want %s", got, test.want)
				}
				if after := c.posted(eventStop); len(after) > 0 && after[0] != s.options.TaskDuration {
					t.Errorf("the end was posted after %v", after)
				}
				if alive := len(s.Alive()); alive != 1 != strings.Contains(test.want, "end") {
					t.Errorf("%d tasks are in progress", alive)
				}
			})
		})
	}
}

// TestCallbacks_LatePlay checks that no play follows the end of a task whose
// events are posted late.
func TestCallbacks_LatePlay(t *testing.T) {
	t.Parallel()
	change := func(o *Options) { o.PlayFailures, o.TaskDuration = 99, time.Second/2 }
	inBubble(t, []int{0, 200, 200, 200, 200, 200}, change, func(s *testServer, c *receiver) {
		s.callNow("StartStreamIngest", startWith(nil))
		time.Sleep(time.Hour)
		if got, want := c.summary(), "1@0.000 1@0.000 2@0.001 1@0.002 end@0.500"; got != want {
			t.Errorf("posted %s, want %s", got, want)
		}
	})
}

// TestCallbacks_Reset checks that no play follows a reset.
func TestCallbacks_Reset(t *testing.T) {
	t.Parallel()
	inBubble(t, slices.Repeat([]int{200}, 9), func(o *Options) { o.PlayFailures = 99 }, func(s *testServer, c *receiver) {
		s.callNow("StartStreamIngest", startWith(nil))
		time.Sleep(time.Second / 2)
		s.Reset()
		time.Sleep(time.Hour)
		if got, want := c.summary(), "1@0.000 2@0.001 1@0.002"; got != want {
			t.Errorf("posted %s, want %s", got, want)
		}
	})
}

func TestCallbacks_AfterClose(t *testing.T) {
	t.Parallel()
	inBubble(t, nil, nil, func(s *testServer, c *receiver) {
		c.slowness = time.Second
		s.callNow("StartStreamIngest", startWith(nil))
		synctest.Wait()
		began := time.Now()
		s.Close()
		if took := time.Since(began); took != c.slowness {
			t.Errorf("Close returned after %v, before the post had ended", took)
		}
		s.callNow("StartStreamIngest", startWith(map[string]any{"RoomId": "2"}))
		time.Sleep(time.Hour)
		if got := c.posted(eventStart); len(got) != 1 {
			t.Errorf("posted after %v", got)
		}
	})
}
