package provider_test

import (
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/protocol"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccTimeouts: every operation ends when its time is up, by default and as
// configured. A service that refuses by rate limit would be asked for ever.
func TestAccTimeouts(t *testing.T) {
	t.Parallel()
	const (
		onCreate = "create"
		onRead   = "read"
		onUpdate = "update"
		onDelete = "delete"
	)
	for name, test := range map[string]struct {
		operation string
		timeouts  any
		want      time.Duration
	}{
		"create, default":    {onCreate, nil, 2 * time.Minute},
		"create, configured": {onCreate, protocol.Values{"create": "40s"}, 40 * time.Second},
		"create, other set":  {onCreate, protocol.Values{"delete": "1s"}, 2 * time.Minute},
		"read, default":      {onRead, nil, time.Minute},
		"read, configured":   {onRead, protocol.Values{"read": "3m"}, 3 * time.Minute},
		"update, default":    {onUpdate, nil, time.Minute},
		"update, configured": {onUpdate, protocol.Values{"update": "15s"}, 15 * time.Second},
		"delete, default":    {onDelete, nil, 2 * time.Minute},
		"delete, configured": {onDelete, protocol.Values{"delete": "10m"}, 10 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Session(t)
			config := world.Values(t, protocol.Values{"timeouts": test.timeouts})
			if test.operation != onCreate {
				acctest.ExpectApply(t, session, config, protocol.Create)
			}
			before := session.State()
			world.Inject(t, acctest.AnswerAlways("", "RequestLimitExceeded"))
			began := world.Clock.Now()
			var said protocol.Diagnostics
			switch test.operation {
			case onCreate:
				said = session.Apply(t.Context(), session.Plan(t.Context(), config))
			case onRead:
				said = session.Refresh(t.Context())
			case onUpdate:
				said = session.Apply(t.Context(), session.Plan(t.Context(), config.With(protocol.Values{"volume": 1})))
			case onDelete:
				said = destroy(t, session)
			}
			acctest.ExpectError(t, said, "", "RequestLimitExceeded")
			if took := world.Clock.Now().Sub(began); took < test.want-10*time.Second || took > test.want+10*time.Second {
				t.Errorf("took %s, want about %s", took, test.want)
			}
			acctest.ExpectState(t, session, before)
		})
	}
}

// TestAccTimeoutsOnlyEdit: an edit of the timeouts alone makes no call, and
// counts from then on.
func TestAccTimeoutsOnlyEdit(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.Linger = time.Hour })
	config := world.Values(t, nil)
	session := world.Created(t, config)
	edited := config.With(protocol.Values{"timeouts": protocol.Values{"delete": "7s"}})
	plan := session.Plan(t.Context(), edited)
	if said := session.Apply(t.Context(), plan); plan.Action != protocol.Update || said.HasErrors() {
		t.Fatalf("planned to %s, said %s", plan, said)
	}
	world.ExpectJournal(t)
	began := world.Clock.Now()
	acctest.ExpectError(t, destroy(t, session), "", "still running")
	if took := world.Clock.Now().Sub(began); took < 5*time.Second || took > 12*time.Second {
		t.Errorf("took %s, want about 7 s", took)
	}
}

// TestAccTimeoutAfterStart: when the time is up between start and pause, the
// task is in the state all the same.
func TestAccTimeoutAfterStart(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Inject(t, acctest.AnswerAlways(acctest.Update, "RequestLimitExceeded"))
	session := world.Session(t)
	_, said := session.ApplyConfig(t.Context(), world.Values(t, protocol.Values{
		"paused": true, "timeouts": protocol.Values{"create": "20s"},
	}))
	acctest.ExpectError(t, said, "", "pause the stream ingest")
	acctest.ExpectAttributes(t, session, protocol.Values{"task_id": world.Mock.Alive()[0].ID})
}
