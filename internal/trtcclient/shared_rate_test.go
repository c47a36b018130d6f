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

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// quota is a service that runs at most so many requests in any window of a
// second, whoever sends them.
type quota struct {
	perSecond int

	mu       sync.Mutex
	passed   []time.Time
	accepted []time.Time
	refused  int
}

func (q *quota) RoundTrip(request *http.Request) (*http.Response, error) {
	time.Sleep(20 * time.Millisecond)
	if q.admit(time.Now()) {
		return success()(request)
	}
	return code("RequestLimitExceeded")(request)
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

// TestSharedRate: processes that know nothing of each other share the quota,
// use nearly all of it, and waste few requests on refusals. The more they are,
// the longer it takes until each has found its share.
func TestSharedRate(t *testing.T) {
	t.Parallel()
	const seconds, workers = 60, 10
	for _, perSecond := range []int{20, 200} {
		for processes, want := range map[int]struct{ used, wasted float64 }{
			2: {used: 0.90, wasted: 0.08},
			3: {used: 0.80, wasted: 0.15},
			5: {used: 0.70, wasted: 0.25},
		} {
			t.Run(fmt.Sprintf("%d processes at %d", processes, perSecond), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					shared := &quota{perSecond: perSecond}
					var group sync.WaitGroup
					for range processes {
						client := newService(t).client(func(c *trtcclient.Config) {
							c.Transport, c.RequestsPerSecond = shared, float64(perSecond)
						})
						var done atomic.Int64
						for range workers {
							group.Go(func() {
								for done.Add(1) <= int64(seconds*perSecond/processes) {
									if _, err := client.DescribeStreamIngest(t.Context(), task()); err != nil {
										t.Error(err)
									}
								}
							})
						}
					}
					group.Wait()
					took := shared.accepted[len(shared.accepted)-1].Sub(shared.accepted[0]).Seconds()
					used := float64(len(shared.accepted)-1) / took / float64(perSecond)
					wasted := float64(shared.refused) / float64(len(shared.accepted))
					t.Logf("%.3f of the quota used, %.3f refused for each that ran", used, wasted)
					if used < want.used || wasted > want.wasted {
						t.Errorf("%.3f of the quota used, want %.2f; %.3f refused for each that ran, want at most %.2f", used, want.used, wasted, want.wasted)
					}
				})
			})
		}
	}
}
