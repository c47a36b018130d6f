package provider_test

import (
	"slices"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/protocol"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// everyArgument sets all arguments that a change can be made to.
func everyArgument(t *testing.T, world *acctest.World) protocol.Values {
	t.Helper()
	return world.Values(t, protocol.Values{
		"region":          acctest.Region,
		"private_map_key": world.PrivateMapKey(t, acctest.UserID, 1001),
		"room_id_type":    1,
		"seek_second":     5,
		"auto_push":       false,
		"repeat_num":      -1,
		"max_duration":    60,
		"volume":          100,
		"paused":          false,
		"on_task_end":     "recreate",
		"timeouts":        protocol.Values{"create": "3m"},
	})
}

// The calls of the three ways in which a change can be made, reads included.
var (
	noCall    []string
	oneUpdate = []string{acctest.Update}
	restart   = []string{acctest.Stop, acctest.Describe, acctest.Start, acctest.Describe}
)

// TestAccArguments goes through the table of arguments: what a change of each
// does to the plan, and what it calls.
func TestAccArguments(t *testing.T) {
	t.Parallel()
	another := protocol.Values{"user_id": "robot-2", "user_sig": "for robot-2", "private_map_key": nil}
	for name, test := range map[string]struct {
		change protocol.Values
		action protocol.Action
		// because is what the replacement is blamed on.
		because []string
		calls   []string
	}{
		"region":                  {protocol.Values{"region": "ap-mumbai"}, protocol.Replace, []string{"region"}, restart},
		"sdk_app_id":              {protocol.Values{"sdk_app_id": 1400000002}, protocol.Replace, []string{"sdk_app_id"}, restart},
		"room_id":                 {protocol.Values{"room_id": "1002", "private_map_key": nil}, protocol.Replace, []string{"room_id"}, restart},
		"room_id_type":            {protocol.Values{"room_id_type": 0, "private_map_key": nil}, protocol.Replace, []string{"room_id_type"}, restart},
		"user_id":                 {another, protocol.Replace, []string{"user_id"}, restart},
		"seek_second":             {protocol.Values{"seek_second": 6}, protocol.Replace, []string{"seek_second"}, restart},
		"seek_second removed":     {protocol.Values{"seek_second": nil}, protocol.Replace, []string{"seek_second"}, restart},
		"auto_push":               {protocol.Values{"auto_push": true}, protocol.Replace, []string{"auto_push"}, restart},
		"repeat_num":              {protocol.Values{"repeat_num": 7, "max_duration": nil}, protocol.Replace, []string{"max_duration", "repeat_num"}, restart},
		"max_duration":            {protocol.Values{"max_duration": 61}, protocol.Replace, []string{"max_duration"}, restart},
		"max_duration removed":    {protocol.Values{"max_duration": nil}, protocol.Replace, []string{"max_duration"}, restart},
		"stream_url":              {protocol.Values{"stream_url": "https://example.com/other.flv"}, protocol.Update, nil, oneUpdate},
		"volume":                  {protocol.Values{"volume": 0}, protocol.Update, nil, oneUpdate},
		"paused":                  {protocol.Values{"paused": true}, protocol.Update, nil, oneUpdate},
		"user_sig":                {protocol.Values{"user_sig": "another ticket"}, protocol.Update, nil, noCall},
		"user_sig removed":        {protocol.Values{"user_sig": nil}, protocol.Update, nil, noCall},
		"user_sig to user_sig_wo": {protocol.Values{"user_sig": nil, "user_sig_wo": "another ticket"}, protocol.Update, nil, noCall},
		"private_map_key":         {protocol.Values{"private_map_key": "another ticket"}, protocol.Update, nil, noCall},
		"private_map_key removed": {protocol.Values{"private_map_key": nil}, protocol.Update, nil, noCall},
		"private_map_key_wo":      {protocol.Values{"private_map_key": nil, "private_map_key_wo": "another"}, protocol.Update, nil, noCall},
		"on_task_end":             {protocol.Values{"on_task_end": "keep"}, protocol.Update, nil, noCall},
		"timeouts":                {protocol.Values{"timeouts": protocol.Values{"create": "5m", "delete": "30s"}}, protocol.Update, nil, noCall},
		"timeouts removed":        {protocol.Values{"timeouts": nil}, protocol.Update, nil, noCall},
		"defaults left out": {protocol.Values{
			"region": nil, "room_id_type": nil, "auto_push": nil, "volume": nil, "paused": nil, "on_task_end": nil,
		}, protocol.NoOp, nil, noCall},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t, anyTicket)
			before := everyArgument(t, world)
			session := world.Created(t, before)
			after := before.With(test.change)

			plan := session.Plan(t.Context(), after)
			if plan.Diagnostics.HasErrors() || plan.Action != test.action || !slices.Equal(plan.RequiresReplace, test.because) {
				t.Fatalf("plan = %s, want to %s because of %v; said %s", plan, test.action, test.because, plan.Diagnostics)
			}
			if said := session.Apply(t.Context(), plan); said.HasErrors() {
				t.Fatal(said)
			}
			world.ExpectJournal(t, test.calls...)
			acctest.ExpectSettled(t, session, after)
		})
	}
}

// anyTicket is a service that takes every ticket, so that a test can name them.
func anyTicket(options *trtcmock.Options) { options.AppKeys = nil }

// TestAccUserSigWriteOnlyRotation: a new ticket in a write-only argument does
// not even show in the plan.
func TestAccUserSigWriteOnlyRotation(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := world.Values(t, protocol.Values{"user_sig": nil, "user_sig_wo": world.UserSig(t, acctest.UserID)})
	session := world.Created(t, config)
	plan := session.Plan(t.Context(), config.With(protocol.Values{"user_sig_wo": "another ticket"}))
	if plan.Diagnostics.HasErrors() || plan.Action != protocol.NoOp {
		t.Errorf("plan = %s, want nothing; said %s", plan, plan.Diagnostics)
	}
	world.ExpectJournal(t)
}
