package trtcclient_test

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
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

func arrivals(service *service) []time.Time {
	var all []time.Time
	for _, request := range service.requests() {
		all = append(all, request.at)
	}
	return all
}

func TestRateIsHeldAndUsedOneByOne(t *testing.T) {
	t.Parallel()
	fake := clocktest.New(fakeStart)
	var seen []time.Time
	service := newService(t, success())
	client := service.client(func(c *trtcclient.Config) {
		c.Clock = fake
		c.Observe = func(context.Context, trtcclient.Attempt) { seen = append(seen, fake.Now()) }
	})
	for range 200 {
		if _, err := client.Describe(t.Context(), task()); err != nil {
			t.Fatal(err)
		}
	}
	expectRate(t, seen, trtcclient.DefaultRequestsPerSecond)
}

func TestRateIsHeldAndUsedInParallel(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		configured int
		most       int
		calls      int
	}{
		"default":   {most: 20, calls: 200},
		"slower":    {configured: 5, most: 5, calls: 50},
		"very slow": {configured: 1, most: 1, calls: 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := newService(t, slow(300*time.Millisecond, success()))
				client := service.client(func(config *trtcclient.Config) { config.RequestsPerSecond = c.configured })
				var group sync.WaitGroup
				for range c.calls {
					group.Go(func() {
						if err := client.Stop(t.Context(), task()); err != nil {
							t.Error(err)
						}
					})
				}
				group.Wait()
				expectRate(t, arrivals(service), c.most)
			})
		})
	}
}

func TestCallsBehindASlowKeyArePacedToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := newService(t, success())
		client := service.client(func(c *trtcclient.Config) { c.Credentials = slowKeys{keys: canaryKeys(), takes: 5 * time.Second} })
		var group sync.WaitGroup
		for range 60 {
			group.Go(func() {
				if err := client.Stop(t.Context(), task()); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		expectRate(t, arrivals(service), trtcclient.DefaultRequestsPerSecond)
	})
}

func TestActionsAndRegionsHaveRatesOfTheirOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		service := newService(t, success())
		client := service.client()
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

// TestBurstAfterAPause checks that a second's requests go out at once after a
// pause, and that a shorter one saves no more than its time.
func TestBurstAfterAPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
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
		expectWindows(t, arrivals(service), 20)
	})
}

// TestWaitForASlotTakesNoTimeOfTheAttempt lets requests wait on their
// connections for longer than an attempt may take.
func TestWaitForASlotTakesNoTimeOfTheAttempt(t *testing.T) {
	t.Parallel()
	for action, run := range actions {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var attempts []trtcclient.Attempt
				client := newService(t, success()).client(watch(&attempts), func(c *trtcclient.Config) {
					c.RequestsPerSecond, c.AttemptTimeout = 1, 200*time.Millisecond
				})
				for range 3 {
					if err := run(t.Context(), client); err != nil {
						t.Error(err)
					}
				}
				if len(attempts) != 3 {
					t.Errorf("3 calls took %d attempts, want one each", len(attempts))
				}
			})
		})
	}
}

func TestCanceledCallGivesItsSlotBack(t *testing.T) {
	t.Parallel()
	for action, run := range actions {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				service := newService(t, success())
				client := service.client()
				for range 20 {
					if err := run(t.Context(), client); err != nil {
						t.Fatal(err)
					}
				}
				err := run(cancelAfter(t, 10*time.Millisecond), client)
				_ = expectClass(t, err, action, trtcclient.Interrupted)
				expectNotRun(t, err)
				if err := run(t.Context(), client); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(begun); took > 1020*time.Millisecond {
					t.Errorf("the next call was sent after %v, want the slot of the canceled one", took)
				}
				if got := len(service.requests()); got != 21 {
					t.Errorf("%d requests were sent, want 21", got)
				}
			})
		})
	}
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
			t.Run(fmt.Sprintf("%s/%v", action, latency), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
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
						Endpoint: cloudapi.Endpoint{Scheme: "https", Host: "127.0.0.1"}, Credentials: canaryKeys(), Transport: transport,
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
			})
		}
	}
}

// TestRateAdaptsToOtherPrograms lets the service refuse a request that held
// the rate, after a second of requests that it accepted.
func TestRateAdaptsToOtherPrograms(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const before = 60
		service := newService(t, append(slices.Repeat([]reply{success()}, before), code("RequestLimitExceeded"), success())...)
		client := service.client()
		for range 400 {
			if _, err := client.Describe(t.Context(), task()); err != nil {
				t.Fatal(err)
			}
		}
		gaps := service.gaps()[before+1:] // before it is the wait after the refusal
		full := time.Second / trtcclient.DefaultRequestsPerSecond
		if slowed := gaps[0]; slowed < full*105/100 || slowed > full*115/100 {
			t.Errorf("after a refusal requests are %v apart, want 5 to 15 %% more than %v", slowed, full)
		}
		const recovering = 70 // requests
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

// TestRefusalAfterAPauseKeepsTheRate lets the service refuse the first request,
// as it does when a command ended less than a second before.
func TestRefusalAfterAPauseKeepsTheRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := newService(t, code("RequestLimitExceeded"), success())
		client := service.client()
		for range 60 {
			if _, err := client.Describe(t.Context(), task()); err != nil {
				t.Fatal(err)
			}
		}
		expectRate(t, arrivals(service)[1:], trtcclient.DefaultRequestsPerSecond)
	})
}
