package trtcclient_test

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// quota is a service that runs at most DefaultRequestsPerSecond requests in any
// window of a second, from all clients together.
type quota struct {
	sent atomic.Int64

	mu       sync.Mutex
	passed   []time.Time
	accepted []time.Time
	refused  int
}

func (q *quota) RoundTrip(request *http.Request) (*http.Response, error) {
	write(request)
	// No two requests in a row travel at the same speed.
	time.Sleep(time.Duration(15+q.sent.Add(1)%3*5) * time.Millisecond)
	if q.admit(time.Now()) {
		return success().answer(request)
	}
	return code("RequestLimitExceeded").answer(request)
}

func (q *quota) admit(now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.passed = slices.DeleteFunc(q.passed, func(at time.Time) bool { return now.Sub(at) >= time.Second })
	if len(q.passed) >= trtcclient.DefaultRequestsPerSecond {
		q.refused++
		return false
	}
	q.passed = append(q.passed, now)
	q.accepted = append(q.accepted, now)
	return true
}

// TestSharedRate checks that processes that share the quota use nearly all of it
// and waste few requests on refusals.
func TestSharedRate(t *testing.T) {
	t.Parallel()
	// From the first request of all to the last: the start, when each sends a
	// second's requests at once, and the end, when one is left, count too.
	for processes, want := range map[int]struct{ leastUsed, mostRefused float64 }{
		1: {0.98, 0}, 2: {0.90, 0.06}, 3: {0.88, 0.10}, 5: {0.84, 0.16},
	} {
		t.Run(strconv.Itoa(processes), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				used, refused := shareQuota(t, processes)
				t.Logf("%.3f of the quota used, %.3f refused for each that ran", used, refused)
				if used < want.leastUsed || refused > want.mostRefused {
					t.Errorf("%.3f of the quota used, want %.2f; %.3f refused for each that ran, want at most %.2f", used, want.leastUsed, refused, want.mostRefused)
				}
			})
		})
	}
}

// shareQuota has processes send two minutes' requests, and returns the share of
// the quota that they used and the refusals for each request that ran.
func shareQuota(t *testing.T, processes int) (used, refused float64) {
	t.Helper()
	const seconds, workers = 120, 10
	const perSecond = trtcclient.DefaultRequestsPerSecond
	shared := &quota{}
	var group sync.WaitGroup
	for range processes {
		client := newService(t).client(func(c *trtcclient.Config) {
			c.Transport = shared
		})
		var done atomic.Int64
		for range workers {
			group.Go(func() {
				for done.Add(1) <= int64(seconds*perSecond/processes) {
					if _, err := client.Describe(t.Context(), task()); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	group.Wait()
	took := shared.accepted[len(shared.accepted)-1].Sub(shared.accepted[0]).Seconds()
	return float64(len(shared.accepted)-1) / took / perSecond, float64(shared.refused) / float64(len(shared.accepted))
}
