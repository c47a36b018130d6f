package trtcmock

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	eventGroupIngest = 7
	eventStart       = 701
	eventStop        = 702

	// Statuses of the event 701. The event 702 always has status 0.
	statusPlaying, statusFailed, statusRetry = 0, 1, 2

	// An event without a response with status 200 within callbackTimeout is retried
	// at once and then every callbackPause, until callbackLife has passed.
	callbackTimeout = 5 * time.Second
	callbackPause   = 10 * time.Second
	callbackLife    = time.Minute
)

// event is one event of a task.
type event struct {
	eventType, status int
	at                time.Time
}

// startEvents returns the events 701 of a task whose first plays fail. The service
// retries after 0, 1 and 3 seconds. No two events have the same EventMsTs.
func startEvents(start time.Time, failures int) []event {
	var events []event
	at := start
	for _, pause := range []time.Duration{0, time.Second, 3 * time.Second} {
		if failures <= 0 {
			break
		}
		retryAt := at.Add(max(pause, time.Millisecond))
		events = append(events, event{eventStart, statusFailed, at}, event{eventStart, statusRetry, retryAt})
		at, failures = retryAt.Add(time.Millisecond), failures-1
	}
	if failures > 0 {
		return append(events, event{eventStart, statusFailed, at})
	}
	return append(events, event{eventStart, statusPlaying, at})
}

// callbacks posts the events of tasks: 701 when a task starts and 702 when it
// ends, one after another. A task whose plays all fail stays in progress. A nil
// *callbacks posts nothing.
type callbacks struct {
	url, key string
	reversed bool
	now      func() time.Time
	sleep    func(context.Context, time.Duration) error
	client   *http.Client

	ctx     context.Context //nolint:containedctx // reset and Close cancel the context.
	cancel  context.CancelFunc
	posting sync.WaitGroup
}

func newCallbacks(options Options) *callbacks {
	if options.CallbackURL == "" {
		return nil
	}
	c := &callbacks{
		url: options.CallbackURL, key: options.CallbackKey, reversed: options.CallbacksReversed,
		now: options.Now, sleep: options.Sleep,
		client: &http.Client{
			// Without idle connections, no goroutine is left after Close.
			Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	return c
}

// reset cancels the events that have not been posted.
func (c *callbacks) reset() {
	if c != nil && c.ctx.Err() == nil {
		c.cancel()
		c.ctx, c.cancel = context.WithCancel(context.Background())
	}
}

// Close cancels the events that have not been posted, waits until nothing is
// being posted, and posts no more. The server keeps serving.
func (s *Server) Close() {
	if s.callbacks != nil {
		s.mu.Lock()
		s.callbacks.cancel()
		s.mu.Unlock()
		s.callbacks.posting.Wait()
	}
}

// started posts the start of a task whose first plays fail, and sets onEnd of the
// task. The caller holds the server's lock, so that nothing is posted
// after Close.
func (c *callbacks) started(t *task, failures int) {
	if c == nil || c.ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithCancel(c.ctx)
	playing, stopPlaying := context.WithCancel(ctx)
	started, startSettled := t.Task, make(chan struct{})
	var ended atomic.Pointer[time.Time] // The end may move to an earlier time: the first one counts.
	c.posting.Go(func() {
		defer close(startSettled)
		events := startEvents(started.StartedAt, failures)
		if c.reversed {
			slices.Reverse(events)
		}
		for _, e := range events {
			_ = c.sleepUntil(playing, e.at) // The end of the task ends it early.
			if end := ended.Load(); end == nil || !e.at.After(*end) {
				c.deliver(ctx, started, e)
			}
		}
	})
	t.onEnd = func(end time.Time) {
		if ctx.Err() != nil {
			return
		}
		c.posting.Go(func() {
			if c.sleepUntil(ctx, end) != nil || !ended.CompareAndSwap(nil, &end) {
				return
			}
			stopPlaying()
			<-startSettled
			c.deliver(ctx, started, event{eventStop, 0, end})
			cancel()
		})
	}
	if !t.endsAt.IsZero() {
		t.onEnd(t.endsAt)
	}
}

// sleepUntil blocks until the given time. It returns the error of a context that
// ends first.
func (c *callbacks) sleepUntil(ctx context.Context, at time.Time) error {
	for wait := at.Sub(c.now()); wait > 0; wait = at.Sub(c.now()) {
		if err := c.sleep(ctx, wait); err != nil {
			return err
		}
	}
	return nil
}

// deliver posts one event until the receiver responds with status 200, ctx ends or
// callbackLife has passed.
func (c *callbacks) deliver(ctx context.Context, task Task, e event) {
	first, pause := c.now(), time.Duration(0)
	for ctx.Err() == nil && !c.post(ctx, task, e) {
		if c.now().Sub(first)+pause > callbackLife || c.sleep(ctx, pause) != nil {
			return
		}
		pause = callbackPause
	}
}

// post posts an event, and reports whether the receiver responded with status 200
// in time.
func (c *callbacks) post(ctx context.Context, task Task, e event) bool {
	body, err := json.Marshal(map[string]any{
		"EventGroupId": eventGroupIngest,
		"EventType":    e.eventType,
		"CallbackMsTs": c.now().UnixMilli(),
		"EventInfo":    map[string]any{"EventMsTs": e.at.UnixMilli(), "TaskId": task.ID, "Status": e.status},
	})
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, callbackTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return false
	}
	request.Header.Set("Content-Type", jsonType)
	request.Header.Set("SdkAppId", strconv.FormatUint(task.SdkAppID, 10))
	if c.key != "" {
		request.Header.Set("Sign", base64.StdEncoding.EncodeToString(hmacSHA256([]byte(c.key), string(body))))
	}
	resp, err := c.client.Do(request)
	if err != nil {
		return false
	}
	defer func() { _ = resp.Body.Close() }()
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, maxBodyBytes))
	return err == nil && resp.StatusCode == http.StatusOK
}
