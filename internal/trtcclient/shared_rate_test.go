package trtcclient_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// quota is a service that runs at most so many requests in any window of a
// second, from all clients together.
type quota struct {
	perSecond int
	sent      atomic.Int64

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
	if len(q.passed) >= q.perSecond {
		q.refused++
		return false
	}
	q.passed = append(q.passed, now)
	q.accepted = append(q.accepted, now)
	return true
}

// TestSharedRate: processes share the quota, use nearly all of it, and waste few
// requests on refusals. Through a file they waste none.
func TestSharedRate(t *testing.T) {
	t.Parallel()
	// From the first request of all to the last: the start, when each sends a
	// second's requests at once, and the end, when one is left, count too.
	for name, test := range map[string]struct {
		leastUsed, mostWasted float64
		shared                bool
	}{
		"unknown to each other": {0.84, 0.16, false},
		"through a file":        {0.98, 0, true},
	} {
		for _, perSecond := range []int{20, 200} {
			for _, processes := range []int{2, 3, 5} {
				t.Run(fmt.Sprintf("%s, %d processes at %d", name, processes, perSecond), func(t *testing.T) {
					t.Parallel()
					var dir string
					if test.shared {
						dir = t.TempDir()
					}
					synctest.Test(t, func(t *testing.T) {
						used, wasted := shareQuota(t, perSecond, processes, dir)
						t.Logf("%.3f of the quota used, %.3f refused for each that ran", used, wasted)
						if used < test.leastUsed || wasted > test.mostWasted {
							t.Errorf("%.3f of the quota used, want %.2f; %.3f refused for each that ran, want at most %.2f", used, test.leastUsed, wasted, test.mostWasted)
						}
					})
				})
			}
		}
	}
}

// shareQuota has processes send two minutes' requests, and returns the share of
// the quota that they used and the refusals for each request that ran.
func shareQuota(t *testing.T, perSecond, processes int, limitDir string) (used, wasted float64) {
	t.Helper()
	const seconds, workers = 120, 10
	shared := &quota{perSecond: perSecond}
	var group sync.WaitGroup
	for range processes {
		client := newService(t).client(func(c *trtcclient.Config) {
			c.Transport, c.RequestsPerSecond, c.LimitDir = shared, float64(perSecond), limitDir
			c.Credentials = keys{cloudapi.Credential{SecretID: canaryID, SecretKey: secret.New(canaryKey)}}
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
	return float64(len(shared.accepted)-1) / took / float64(perSecond), float64(shared.refused) / float64(len(shared.accepted))
}
