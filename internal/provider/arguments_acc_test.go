package provider_test

import (
	"slices"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// everyArgument sets all arguments that a change can be made to.
func everyArgument(t *testing.T, world *acctest.World) tfcore.Values {
	t.Helper()
	return world.Values(t, tfcore.Values{
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
		"timeouts":        tfcore.Values{"create": "3m"},
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
	another := tfcore.Values{"user_id": "robot-2", "user_sig": "for robot-2", "private_map_key": nil}
	for name, test := range map[string]struct {
		change tfcore.Values
		action tfcore.Action
		// because is what the replacement is blamed on.
		because []string
		calls   []string
	}{
		"region":                  {tfcore.Values{"region": "ap-mumbai"}, tfcore.Replace, []string{"region"}, restart},
		"sdk_app_id":              {tfcore.Values{"sdk_app_id": 1400000002}, tfcore.Replace, []string{"sdk_app_id"}, restart},
		"room_id":                 {tfcore.Values{"room_id": "1002", "private_map_key": nil}, tfcore.Replace, []string{"room_id"}, restart},
		"room_id_type":            {tfcore.Values{"room_id_type": 0, "private_map_key": nil}, tfcore.Replace, []string{"room_id_type"}, restart},
		"user_id":                 {another, tfcore.Replace, []string{"user_id"}, restart},
		"seek_second":             {tfcore.Values{"seek_second": 6}, tfcore.Replace, []string{"seek_second"}, restart},
		"seek_second removed":     {tfcore.Values{"seek_second": nil}, tfcore.Replace, []string{"seek_second"}, restart},
		"auto_push":               {tfcore.Values{"auto_push": true}, tfcore.Replace, []string{"auto_push"}, restart},
		"repeat_num":              {tfcore.Values{"repeat_num": 7, "max_duration": nil}, tfcore.Replace, []string{"max_duration", "repeat_num"}, restart},
		"max_duration":            {tfcore.Values{"max_duration": 61}, tfcore.Replace, []string{"max_duration"}, restart},
		"max_duration removed":    {tfcore.Values{"max_duration": nil}, tfcore.Replace, []string{"max_duration"}, restart},
		"stream_url":              {tfcore.Values{"stream_url": "https://example.com/other.flv"}, tfcore.Update, nil, oneUpdate},
		"volume":                  {tfcore.Values{"volume": 0}, tfcore.Update, nil, oneUpdate},
		"paused":                  {tfcore.Values{"paused": true}, tfcore.Update, nil, oneUpdate},
		"user_sig":                {tfcore.Values{"user_sig": "another ticket"}, tfcore.Update, nil, noCall},
		"user_sig removed":        {tfcore.Values{"user_sig": nil}, tfcore.Update, nil, noCall},
		"user_sig to user_sig_wo": {tfcore.Values{"user_sig": nil, "user_sig_wo": "another ticket"}, tfcore.Update, nil, noCall},
		"private_map_key":         {tfcore.Values{"private_map_key": "another ticket"}, tfcore.Update, nil, noCall},
		"private_map_key removed": {tfcore.Values{"private_map_key": nil}, tfcore.Update, nil, noCall},
		"private_map_key_wo":      {tfcore.Values{"private_map_key": nil, "private_map_key_wo": "another"}, tfcore.Update, nil, noCall},
		"on_task_end":             {tfcore.Values{"on_task_end": "keep"}, tfcore.Update, nil, noCall},
		"timeouts":                {tfcore.Values{"timeouts": tfcore.Values{"create": "5m", "delete": "30s"}}, tfcore.Update, nil, noCall},
		"timeouts removed":        {tfcore.Values{"timeouts": nil}, tfcore.Update, nil, noCall},
		"defaults left out": {tfcore.Values{
			"region": nil, "room_id_type": nil, "auto_push": nil, "volume": nil, "paused": nil, "on_task_end": nil,
		}, tfcore.NoOp, nil, noCall},
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
	config := world.Values(t, tfcore.Values{"user_sig": nil, "user_sig_wo": world.UserSig(t, acctest.UserID)})
	session := world.Created(t, config)
	plan := session.Plan(t.Context(), config.With(tfcore.Values{"user_sig_wo": "another ticket"}))
	if plan.Diagnostics.HasErrors() || plan.Action != tfcore.NoOp {
		t.Errorf("plan = %s, want nothing; said %s", plan, plan.Diagnostics)
	}
	world.ExpectJournal(t)
}
