package trtcclient_test

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// expectRate checks that no window of a second holds more than most requests,
// and that they came as fast as that allows.
func expectRate(t *testing.T, arrivals []time.Time, most int) {
	t.Helper()
	slices.SortFunc(arrivals, time.Time.Compare)
	for i := range len(arrivals) - most {
		if window := arrivals[i+most].Sub(arrivals[i]); window < time.Second {
			t.Fatalf("requests %d to %d arrived within %v, which are more than %d in a second", i, i+most, window, most)
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
		configured float64
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

func TestActionsAndRegionsHaveLanesOfTheirOwn(t *testing.T) {
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
			t.Errorf("five calls in five lanes took %v, want no time", took)
		}
		if err := client.Stop(t.Context(), elsewhere); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took < time.Second/20 {
			t.Errorf("the second call in a lane was sent after %v, want a twentieth of a second", took)
		}
	})
}

func TestCancelledCallGivesItsSlotBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		service := newService(t, success())
		client := service.client()
		if err := client.Stop(t.Context(), task()); err != nil {
			t.Fatal(err)
		}
		err := client.Stop(cancelAfter(t, 10*time.Millisecond), task())
		if end := interrupted(t, err, stopAction); end.Last != nil {
			t.Errorf("error = %v, want nothing before the cancellation", err)
		}
		if err := client.Stop(t.Context(), task()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took > slot {
			t.Errorf("the next call was sent after %v, want the slot of the cancelled one", took)
		}
		if got := len(service.requests()); got != 2 {
			t.Errorf("%d requests were sent, want 2", got)
		}
	})
}

// TestRateAdaptsToWhoeverSharesIt lets the service refuse a request that held
// the rate, when it had accepted none.
func TestRateAdaptsToWhoeverSharesIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := newService(t, code("RequestLimitExceeded"), success())
		client := service.client()
		for range 400 {
			if _, err := client.Describe(t.Context(), task()); err != nil {
				t.Fatal(err)
			}
		}
		gaps := service.gaps()[1:] // the first is the wait after the refusal
		full := time.Second / 20
		if slowed := gaps[0]; slowed < full*19/10 || slowed > full*21/10 {
			t.Errorf("after a refusal requests are %v apart, want twice %v", slowed, full)
		}
		if !slices.IsSortedFunc(gaps, func(a, b time.Duration) int {
			return cmp.Compare(b.Round(time.Microsecond), a.Round(time.Microsecond))
		}) {
			t.Errorf("the requests do not come closer again: %v", gaps)
		}
		if last := gaps[len(gaps)-1]; last < full || last > full*21/20 {
			t.Errorf("in the end requests are %v apart, want %v again", last, full)
		}
	})
}
