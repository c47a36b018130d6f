package provider_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestSharedQuota: two runs of Terraform at once, each of which takes the rate
// for its own, get in each other's way and both finish. The clock is the
// system's: with a fake one every waiter would advance it for all.
func TestSharedQuota(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const (
		// A run believes in ten times what the service allows, as if many
		// others were busy at the same time.
		allowed, believed = 10, 100
		resources         = 20
	)
	world := acctest.NewWorld(t, anyTicket, func(options *trtcmock.Options) {
		options.RequestsPerSecond, options.Now = allowed, clock.System().Now
	})
	world.Options.Clock = clock.System()
	var running sync.WaitGroup
	for run := range 2 {
		below := world.Provider(t, tfcore.Values{"requests_per_second": believed})
		for number := range resources {
			session := acctest.SessionOf(t, below)
			config := world.Values(t, tfcore.Values{"room_id": strconv.Itoa(1000*(run+1) + number), "user_sig": "a ticket"})
			running.Go(func() {
				if _, said := session.ApplyConfig(t.Context(), config); said.HasErrors() {
					t.Error(said)
				}
			})
		}
	}
	running.Wait()
	accepted, refused, busiest := busyness(world.Mock.Journal())
	t.Logf("%d calls accepted, %d refused, at most %d accepted in one second", accepted, refused, busiest)
	if refused == 0 {
		t.Error("nothing was refused: the runs did not share the rate")
	}
	if refused > 3*accepted {
		t.Errorf("%d calls refused, and %d accepted: the runs do not give way", refused, accepted)
	}
	if alive := world.Mock.Alive(); len(alive) != 2*resources {
		t.Errorf("%d tasks run, want %d", len(alive), 2*resources)
	}
}

// busyness counts calls, and the most starts that were accepted in one second.
func busyness(calls []trtcmock.Call) (accepted, refused, busiest int) {
	perSecond := map[int64]int{}
	for _, call := range calls {
		if call.Code != "" {
			refused++
			continue
		}
		accepted++
		if call.Action == acctest.Start {
			perSecond[call.Time.Unix()]++
			busiest = max(busiest, perSecond[call.Time.Unix()])
		}
	}
	return accepted, refused, busiest
}
