package trtcclient_test

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// expectWindows checks that no window of a second holds more than most
// requests.
func expectWindows(t *testing.T, arrivals []time.Time, most int) {
	t.Helper()
	slices.SortFunc(arrivals, time.Time.Compare)
	for i := range len(arrivals) - most {
		if window := arrivals[i+most].Sub(arrivals[i]); window < time.Second {
			t.Fatalf("requests %d to %d arrived within %v, which are more than %d in a second", i, i+most, window, most)
		}
	}
}

// expectRate checks the windows, and that requests came as fast as that allows.
func expectRate(t *testing.T, arrivals []time.Time, most int) {
	t.Helper()
	expectWindows(t, arrivals, most)
	for i := range len(arrivals) - most {
		// What waits behind the burst is spread evenly.
		if apart, even := arrivals[i+most].Sub(arrivals[i+most-1]), time.Second/time.Duration(most); i > 0 && apart < even*9/10 {
			t.Fatalf("requests %d and %d are %v apart, want about %v", i+most-1, i+most, apart, even)
		}
	}
	took := arrivals[len(arrivals)-1].Sub(arrivals[0])
	if longest := time.Duration(float64(len(arrivals)) / float64(most) * 1.02 * float64(time.Second)); took > longest {
		t.Errorf("%d requests took %v, want at most %v", len(arrivals), took, longest)
	}
}

// inParallel makes a number of calls at once.
func inParallel(t *testing.T, calls int, call func() error) {
	t.Helper()
	var group sync.WaitGroup
	for range calls {
		group.Go(func() {
			if err := call(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

// TestRate_HeldAndUsed checks that parallel calls are as fast as the rate allows, and
// no faster, even if all of them wait for the same key before.
func TestRate_HeldAndUsed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		most, calls int
		takes       time.Duration // to fetch a key
	}{
		"default":   {most: 20, calls: 200},
		"slower":    {most: 5, calls: 50},
		"very slow": {most: 1, calls: 10},
		"slow key":  {most: 20, calls: 60, takes: 5 * time.Second},
	} {
		inBubble(t, name, func(t *testing.T) {
			service := newService(t, slow(300*time.Millisecond, success()))
			client := service.client(func(config *trtcclient.Config) {
				if config.Credentials = (slowKeys{canaryKeys(), c.takes}); c.most != trtcclient.DefaultRequestsPerSecond {
					config.RequestsPerSecond = c.most
				}
			})
			inParallel(t, c.calls, func() error { return client.Stop(t.Context(), task()) })
			expectRate(t, service.times(), c.most)
		})
	}
}

// TestRate_PerActionAndRegion checks that calls of other actions and regions do not
// wait for each other.
func TestRate_PerActionAndRegion(t *testing.T) {
	t.Parallel()
	inBubble(t, "", func(t *testing.T) {
		begun, client := time.Now(), newService(t, success()).client(func(c *trtcclient.Config) { c.RequestsPerSecond = 1 })
		for _, run := range actions {
			if err := run(t.Context(), client); err != nil {
				t.Fatal(err)
			}
		}
		elsewhere := task()
		elsewhere.Region = "ap-mumbai"
		if err := client.Stop(t.Context(), elsewhere); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took != 0 {
			t.Errorf("five calls at five rates took %v, want no time", took)
		}
	})
}

// TestRate_BurstAfterPause checks that the requests of a second are sent at once after
// a pause, and that a shorter pause saves no more than its time.
func TestRate_BurstAfterPause(t *testing.T) {
	t.Parallel()
	inBubble(t, "", func(t *testing.T) {
		service := newService(t, success())
		client := service.client()
		for _, c := range []struct {
			pause     time.Duration
			calls     int
			from, end time.Duration // when the last of them is sent
		}{
			{calls: 20},
			{calls: 1, from: time.Second, end: 1020 * time.Millisecond},
			{pause: 3 * time.Second, calls: 20},
			{calls: 10, from: 1450 * time.Millisecond, end: 1500 * time.Millisecond},
			{pause: 520 * time.Millisecond, calls: 9},
			{calls: 5, from: 150 * time.Millisecond, end: 250 * time.Millisecond},
		} {
			time.Sleep(c.pause)
			begun := time.Now()
			for range c.calls {
				if err := client.Stop(t.Context(), task()); err != nil {
					t.Fatal(err)
				}
			}
			if took := time.Since(begun); took < c.from || took > c.end {
				t.Errorf("%d calls after a pause of %v took %v, want %v to %v", c.calls, c.pause, took, c.from, c.end)
			}
		}
		expectWindows(t, service.times(), 20)
	})
}

// TestRate_CanceledCall checks that a canceled call leaves its slot to the next one.
func TestRate_CanceledCall(t *testing.T) {
	t.Parallel()
	forEachAction(t, "", func(t *testing.T, _ string, run func(context.Context, *trtcclient.Client) error) {
		begun, service := time.Now(), newService(t, success())
		client := service.client()
		for range 20 {
			if err := run(t.Context(), client); err != nil {
				t.Fatal(err)
			}
		}
		// Before it connects, and while it waits for its slot.
		for _, after := range []time.Duration{10 * time.Millisecond, 100 * time.Millisecond} {
			if failed := expectRun(t, run(cancelAfter(t, after), client), false); failed.Class != trtcclient.Interrupted {
				t.Errorf("error = %+v, want an interruption", failed)
			}
		}
		if err := run(t.Context(), client); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took > 1020*time.Millisecond || len(service.requests()) != 21 {
			t.Errorf("request %d was sent after %v, want 21 within 1.02 s", len(service.requests()), took)
		}
	})
}

// pipes is a network in memory that takes its time to connect.
type pipes struct {
	latency time.Duration
	far     chan net.Conn
	once    sync.Once
	closed  chan struct{}
}

func newPipes(latency time.Duration) *pipes {
	return &pipes{latency: latency, far: make(chan net.Conn), closed: make(chan struct{})}
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if err := clock.System().Sleep(ctx, p.latency); err != nil {
		return nil, err
	}
	near, far := net.Pipe()
	select {
	case p.far <- far:
		return near, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Accept returns the far end of the next connection.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case far := <-p.far:
		return far, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the network.
func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

// Addr returns an address of the loopback.
func (*pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 443} }

// TestRateIsHeldWhereRequestsArrive sends calls over HTTP/1.1 and HTTP/2 to the
// mock, which refuses what exceeds the rate, and connects at three speeds. The
// time is that of a bubble: no load of the machine changes it.
func TestRateIsHeldWhereRequestsArrive(t *testing.T) {
	t.Parallel()
	const calls = 200
	for _, latency := range []time.Duration{0, 100 * time.Millisecond, 300 * time.Millisecond} {
		for _, action := range []string{startAction, describeAction} {
			inBubble(t, fmt.Sprintf("%s/%v", action, latency), func(t *testing.T) {
				mock := trtcmock.New(trtcmock.Options{
					Credentials: map[string]string{canaryID: canaryKey}, Tokens: map[string]string{canaryID: canaryToken},
				})
				network := newPipes(latency)
				server := httptest.NewUnstartedServer(mock)
				_ = server.Listener.Close()
				server.Listener, server.EnableHTTP2 = network, true
				server.StartTLS()
				defer server.Close()
				// A connection whose other end is gone is closed after 5 seconds.
				defer time.Sleep(6 * time.Second)
				transport := cloudapi.NewTransport()
				defer transport.CloseIdleConnections()
				transport.Proxy, transport.DialContext = nil, network.dial
				transport.TLSClientConfig.RootCAs = server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
				client := trtcclient.New(trtcclient.Config{
					Endpoint: cloudapi.Endpoint{Scheme: "https", Host: "127.0.0.1"}, Credentials: canaryKeys(), API: over(transport),
				})
				var group sync.WaitGroup
				for number := range calls {
					group.Go(func() {
						var err error
						if action == startAction {
							in := startInput()
							in.UserID = fmt.Sprintf("robot-%d", number)
							_, err = startTask(t.Context(), client, in)
						} else {
							_, err = client.Describe(t.Context(), task())
						}
						if err != nil {
							t.Error(err)
						}
					})
				}
				group.Wait()
				var seen []time.Time
				for _, call := range mock.Journal() {
					if seen = append(seen, call.Time); strings.HasPrefix(call.Code, "RequestLimitExceeded") {
						t.Error("a call was refused by the rate limit")
					}
				}
				if len(seen) != calls {
					t.Errorf("%d calls arrived, want %d", len(seen), calls)
				}
				expectRate(t, seen, trtcclient.DefaultRequestsPerSecond)
			})
		}
	}
}

// TestRate_AfterRefusal checks that the rate drops after a refusal and recovers, and
// that a refusal of the first request keeps the rate: the service counts the requests
// of a command that ended less than a second before.
func TestRate_AfterRefusal(t *testing.T) {
	t.Parallel()
	const full = time.Second / trtcclient.DefaultRequestsPerSecond
	run := func(t *testing.T, before, calls int) *service {
		t.Helper()
		service := newService(t, append(slices.Repeat([]reply{success()}, before), code("RequestLimitExceeded"), success())...)
		client := service.client()
		for range calls {
			if _, err := client.Describe(t.Context(), task()); err != nil {
				t.Fatal(err)
			}
		}
		return service
	}
	inBubble(t, "first request", func(t *testing.T) {
		expectRate(t, run(t, 0, 60).times()[1:], trtcclient.DefaultRequestsPerSecond)
	})
	inBubble(t, "later", func(t *testing.T) {
		const before, recovering = 60, 70
		gaps := run(t, before, 400).gaps()[before+1:] // before it is the wait after the refusal
		if gaps[0] < full*105/100 || gaps[0] > full*115/100 {
			t.Errorf("after a refusal requests are %v apart, want 5 to 15 %% more than %v", gaps[0], full)
		}
		if !slices.IsSortedFunc(gaps[:recovering], func(a, b time.Duration) int {
			return cmp.Compare(b.Round(time.Microsecond), a.Round(time.Microsecond))
		}) {
			t.Errorf("the requests do not come closer again: %v", gaps)
		}
		if last := gaps[len(gaps)-1]; last < full || last > full*105/100 {
			t.Errorf("in the end requests are %v apart, want about %v again", last, full)
		}
	})
}

// quota is a service that runs at most DefaultRequestsPerSecond requests in any
// window of a second, from all clients together.
type quota struct {
	mu               sync.Mutex
	passed, accepted []time.Time
	refused, sent    int
}

func (q *quota) respond(request *http.Request) (*http.Response, error) {
	q.mu.Lock()
	q.sent++
	travel := time.Duration(15+q.sent%3*5) * time.Millisecond // No two requests in a row are equally fast.
	q.mu.Unlock()
	time.Sleep(travel)
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	q.passed = slices.DeleteFunc(q.passed, func(at time.Time) bool { return now.Sub(at) >= time.Second })
	if len(q.passed) >= trtcclient.DefaultRequestsPerSecond {
		q.refused++
		return code("RequestLimitExceeded").respond(request)
	}
	q.passed, q.accepted = append(q.passed, now), append(q.accepted, now)
	return success().respond(request)
}

// TestSharedRate checks that processes that share the quota use nearly all of it and
// get few refusals, from the first request of all to the last: even at the start, when
// each sends the requests of a second at once, and at the end, when one is left.
func TestSharedRate(t *testing.T) {
	t.Parallel()
	const seconds, workers, perSecond = 120, 10, trtcclient.DefaultRequestsPerSecond
	for processes, want := range map[int]struct{ leastUsed, mostRefused float64 }{
		1: {0.98, 0}, 2: {0.90, 0.06}, 3: {0.88, 0.10}, 5: {0.84, 0.16},
	} {
		inBubble(t, strconv.Itoa(processes), func(t *testing.T) {
			shared := &quota{}
			var group sync.WaitGroup
			for range processes {
				client := newService(t).client(func(c *trtcclient.Config) { c.API = over(reply{true, shared.respond}) })
				group.Go(func() {
					var done atomic.Int64
					inParallel(t, workers, func() error {
						for done.Add(1) <= int64(seconds*perSecond/processes) {
							if _, err := client.Describe(t.Context(), task()); err != nil {
								return err
							}
						}
						return nil
					})
				})
			}
			group.Wait()
			accepted := float64(len(shared.accepted))
			took := shared.accepted[len(shared.accepted)-1].Sub(shared.accepted[0]).Seconds()
			used, refused := (accepted-1)/took/perSecond, float64(shared.refused)/accepted
			if t.Logf("%.3f of the quota used, %.3f refused for each that ran", used, refused); used < want.leastUsed || refused > want.mostRefused {
				t.Errorf("%.3f of the quota used, want %.2f; %.3f refused for each that ran, want at most %.2f", used, want.leastUsed, refused, want.mostRefused)
			}
		})
	}
}
