package acctest_test

import (
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

func TestWorldRunsTheProviderAgainstTheMock(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(o *trtcmock.Options) { o.PrivilegedApps = map[uint64]bool{acctest.SdkAppID: true} })
	config := world.Values(t, tfcore.Values{"private_map_key": world.PrivateMapKey(t, acctest.UserID, 1001)})
	began := world.Clock.Now()
	session := world.Session(t)
	acctest.ExpectApply(t, session, config, tfcore.Create)
	world.ExpectJournal(t, acctest.Start, acctest.Describe)
	if alive := world.Mock.Alive(); len(alive) != 1 || !alive[0].StartedAt.Equal(began) || alive[0].Region != acctest.Region {
		t.Errorf("tasks %+v", alive)
	}
	world.FinishAll()
	if alive := world.Mock.Alive(); len(alive) > 0 {
		t.Errorf("still alive: %+v", alive)
	}
}

func TestTicketsExpireOnTheClock(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := world.Values(t, nil)
	world.Clock.Advance(7 * 24 * time.Hour)
	_, diags := world.Session(t).ApplyConfig(t.Context(), config)
	if !diags.HasErrors() || len(world.Mock.Alive()) > 0 {
		t.Errorf("a ticket of last week was accepted: %s", diags)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Created(t, world.Values(t, nil))
	world.Inject(t,
		acctest.RejectNext(acctest.Describe, "UnauthorizedOperation"),
		acctest.RejectAll(acctest.Stop, "UnsupportedOperation"))
	acctest.ExpectError(t, session.Refresh(t.Context()), "", "UnauthorizedOperation")
	for range 2 {
		acctest.ExpectError(t, session.Destroy(t.Context()), "", "UnsupportedOperation")
	}
	world.Mock.ClearFaults()
	world.Inject(t, acctest.FailNext(acctest.Describe, trtcmock.FaultHTML502))
	if diags := session.Refresh(t.Context()); diags.HasErrors() {
		t.Errorf("refresh after one error page: %s", diags)
	}
	if calls := world.Mock.Journal(); calls[len(calls)-2].Fault != trtcmock.FaultHTML502 {
		t.Errorf("journal %+v", calls)
	}
}
