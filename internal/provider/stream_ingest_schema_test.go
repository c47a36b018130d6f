package provider_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

func TestAccBasic(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Run(t, world.Step(t, acctest.Apply{
		Config: world.Config(t, nil),
		Action: plancheck.ResourceActionCreate,
		Calls:  []string{acctest.Start},
		Plan: []plancheck.PlanCheck{
			plancheck.ExpectUnknownValue(acctest.Address, tfjsonpath.New("task_id")),
			plancheck.ExpectUnknownValue(acctest.Address, tfjsonpath.New("status")),
			plancheck.ExpectUnknownValue(acctest.Address, tfjsonpath.New("id")),
			plancheck.ExpectKnownValue(acctest.Address, tfjsonpath.New("region"), acctest.Text(acctest.Region)),
			plancheck.ExpectSensitiveValue(acctest.Address, tfjsonpath.New("user_sig")),
		},
		State: map[string]knownvalue.Check{
			"status":       acctest.Text("InProgress"),
			"region":       acctest.Text(acctest.Region),
			"room_id_type": acctest.Whole(1),
			"repeat_num":   acctest.Whole(1),
			"volume":       acctest.Whole(100),
			"auto_push":    knownvalue.Bool(false),
			"paused":       knownvalue.Bool(false),
			"on_task_end":  acctest.Text("recreate"),
			"seek_second":  knownvalue.Null(),
			"max_duration": knownvalue.Null(),
			"timeouts":     knownvalue.Null(),
			"task_id":      knownvalue.NotNull(),
		},
	}))
}

// TestAccBasicEveryArgument checks that every argument reaches the service.
func TestAccBasicEveryArgument(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	maxDuration := int64(90)
	want := []trtcmock.Task{{
		Region: "ap-mumbai", SdkAppID: acctest.SdkAppID, RoomID: "main hall #1", RoomIDType: 0, UserID: acctest.UserID,
		StreamURL: "rtmp://live.example.com:1936/app/stream", Volume: 0, AutoPush: true, SeekSecond: 12,
		RepeatNum: -1, MaxDuration: &maxDuration, Status: trtcmock.StatusInProgress,
	}}
	world.Run(t, world.Step(t, acctest.Apply{
		Config: world.Config(t, acctest.Arguments{
			"region":       `"ap-mumbai"`,
			"room_id":      `"main hall #1"`,
			"room_id_type": "0",
			"seek_second":  "12",
			"auto_push":    "true",
			"repeat_num":   "-1",
			"max_duration": "90",
			"volume":       "0",
			"stream_url":   `"rtmp://live.example.com:1936/app/stream?auth=x"`,
		}),
		Action: plancheck.ResourceActionCreate,
		Calls:  []string{acctest.Start},
		After: func() {
			if diff := cmp.Diff(want, world.Mock.Alive(), cmpopts.IgnoreFields(trtcmock.Task{}, "ID", "StartedAt")); diff != "" {
				t.Errorf("running tasks (-want +got):\n%s", diff)
			}
		},
	}))
}

// TestMinimalCalls checks the number of calls of every operation, and that a start
// sends only parameters that are set or have a default.
func TestMinimalCalls(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session, config := world.Session(t), world.Values(t, nil)
	for _, step := range []struct {
		command command
		change  tfcore.Values
		calls   []string
	}{
		{apply, nil, []string{acctest.Start, acctest.Describe}},
		{refresh, nil, []string{acctest.Describe}},
		{apply, tfcore.Values{"volume": 40}, []string{acctest.Update}},
		{remove, nil, []string{acctest.Stop, acctest.Describe}},
	} {
		_, diags := step.command(t.Context(), session, config.With(step.change))
		acctest.ExpectSuccess(t, diags)
		if step.calls[0] == acctest.Start {
			want := []string{"AutoPush", "RepeatNum", "RoomId", "RoomIdType", "SdkAppId", "StreamUrl", "UserId", "UserSig", "Volume"}
			if got := world.LastCall(t, acctest.Start).Parameters; !slices.Equal(got, want) {
				t.Errorf("parameters of the start = %v, want %v", got, want)
			}
		}
		world.ExpectJournal(t, step.calls...)
	}
}

// everyArgument returns a configuration with every argument that can change.
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

// The calls of the three kinds of changes, including reads.
var (
	noCall    = []string{}
	oneUpdate = []string{acctest.Update}
	restart   = []string{acctest.Stop, acctest.Describe, acctest.Start, acctest.Describe}
)

// TestArguments checks for each argument what a change plans and which calls it
// makes.
func TestArguments(t *testing.T) {
	t.Parallel()
	another := tfcore.Values{"user_id": "robot-2", "user_sig": "for-robot-2", "private_map_key": nil}
	for name, test := range map[string]struct {
		change tfcore.Values
		action tfcore.Action
		// because lists the attributes that require the replacement.
		because []string
		calls   []string
	}{
		"region":                  {tfcore.Values{"region": "ap-mumbai"}, tfcore.Replace, []string{"region"}, restart},
		"sdk_app_id":              {tfcore.Values{"sdk_app_id": 1400000002, "user_sig": "a-ticket", "private_map_key": nil}, tfcore.Replace, []string{"sdk_app_id"}, restart},
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
		"user_sig":                {tfcore.Values{"user_sig": "another-ticket"}, tfcore.Update, nil, noCall},
		"user_sig removed":        {tfcore.Values{"user_sig": nil}, tfcore.Update, nil, noCall},
		"user_sig to user_sig_wo": {tfcore.Values{"user_sig": nil, "user_sig_wo": "another-ticket"}, tfcore.Update, nil, noCall},
		"private_map_key":         {tfcore.Values{"private_map_key": "another-ticket"}, tfcore.Update, nil, noCall},
		"private_map_key removed": {tfcore.Values{"private_map_key": nil}, tfcore.Update, nil, noCall},
		"private_map_key_wo":      {tfcore.Values{"private_map_key": nil, "private_map_key_wo": "another"}, tfcore.Update, nil, noCall},
		"on_task_end":             {tfcore.Values{"on_task_end": "keep"}, tfcore.Update, nil, noCall},
		"stream_check":            {tfcore.Values{"stream_check": "error"}, tfcore.Update, nil, noCall},
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
			session, after := world.Created(t, before), before.With(test.change)
			plan := session.Plan(t.Context(), after)
			if plan.Diagnostics.HasErrors() || plan.Action != test.action || !slices.Equal(plan.RequiresReplace, test.because) {
				t.Fatalf("plan = %s, want to %s because of %v; diagnostics: %s", plan, test.action, test.because, plan.Diagnostics)
			}
			acctest.ExpectSuccess(t, session.Apply(t.Context(), plan))
			world.ExpectJournal(t, test.calls...)
			acctest.ExpectSettled(t, session, after)
		})
	}
}

// anyTicket makes the mock accept every ticket.
func anyTicket(options *trtcmock.Options) { options.AppKeys = nil }

// TestSeekSecondZero checks that null and 0 are the same position: changing one
// into the other is recorded without a call.
func TestSeekSecondZero(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before, after, later any
		then                 tfcore.Action
	}{
		"null to 0, then moved": {nil, 0, 7, tfcore.Replace},
		"0 to null, then moved": {0, nil, 7, tfcore.Replace},
		"0 to null and back":    {0, nil, 0, tfcore.Update},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, session, config := scenario{
				before: tfcore.Values{"seek_second": test.before}, begin: created, change: tfcore.Values{"seek_second": test.after}, command: apply,
				action: tfcore.Update, calls: noCall,
			}.run(t)
			acctest.ExpectSettled(t, session, config)
			acctest.ExpectApply(t, session, config.With(tfcore.Values{"seek_second": test.later}), test.then)
		})
	}
}
