package trtcmock

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	eventGroupIngest = 7
	eventStart       = 701
	eventStop        = 702

	// An event that is not answered within callbackTimeout is posted again after
	// callbackPause, until callbackLife is over.
	callbackTimeout = 5 * time.Second
	callbackPause   = 10 * time.Second
	callbackLife    = time.Minute
)

// callbacks posts the events of tasks: 701 when a task starts and 702 when it
// ends, in this order. Status is always 0, success, since the mock plays no
// media. A nil *callbacks posts nothing.
type callbacks struct {
	url, key string
	now      func() time.Time
	sleep    func(context.Context, time.Duration) error
	client   *http.Client

	ctx     context.Context //nolint:containedctx // It ends with reset and close.
	cancel  context.CancelFunc
	posting sync.WaitGroup
}

func newCallbacks(options Options) *callbacks {
	if options.CallbackURL == "" {
		return nil
	}
	c := &callbacks{
		url: options.CallbackURL, key: options.CallbackKey, now: options.Now, sleep: options.Sleep,
		client: &http.Client{
			// Without idle connections, nothing is left after close.
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

// started posts the start of a task and sets its function onEnd. The caller
// holds the server's lock, so that nothing is posted after Close.
func (c *callbacks) started(r *run) {
	if c == nil || c.ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithCancel(c.ctx)
	task, startSettled := r.task, make(chan struct{})
	c.posting.Go(func() {
		defer close(startSettled)
		c.deliver(ctx, eventStart, task, task.StartedAt)
	})
	var stopped atomic.Bool // The end may move to an earlier time: the first one counts.
	r.onEnd = func(end time.Time) {
		if ctx.Err() != nil {
			return
		}
		c.posting.Go(func() {
			for wait := end.Sub(c.now()); wait > 0; wait = end.Sub(c.now()) {
				if c.sleep(ctx, wait) != nil {
					return
				}
			}
			<-startSettled
			if stopped.CompareAndSwap(false, true) {
				c.deliver(ctx, eventStop, task, end)
				cancel()
			}
		})
	}
	if !r.endsAt.IsZero() {
		r.onEnd(r.endsAt)
	}
}

// deliver posts one event until it is answered.
func (c *callbacks) deliver(ctx context.Context, eventType int, task Task, at time.Time) {
	first := c.now()
	for !c.post(ctx, eventType, task, at) {
		if c.now().Sub(first)+callbackPause > callbackLife || c.sleep(ctx, callbackPause) != nil {
			return
		}
	}
}

// post reports whether an event was answered with status 200 in time.
func (c *callbacks) post(ctx context.Context, eventType int, task Task, at time.Time) bool {
	body, err := json.Marshal(map[string]any{
		"EventGroupId": eventGroupIngest,
		"EventType":    eventType,
		"CallbackMsTs": c.now().UnixMilli(),
		"EventInfo":    map[string]any{"EventMsTs": at.UnixMilli(), "TaskId": task.ID, "Status": 0},
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
	answer, err := c.client.Do(request)
	if err != nil {
		return false
	}
	defer func() { _ = answer.Body.Close() }()
	_, err = io.Copy(io.Discard, io.LimitReader(answer.Body, maxBodyBytes))
	return err == nil && answer.StatusCode == http.StatusOK
}
