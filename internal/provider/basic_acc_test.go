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

// TestAccBasicEveryArgument checks what reaches the service against the
// service's own record.
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

// TestAccMinimalCalls holds every operation to the promised number of calls.
func TestAccMinimalCalls(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session, config := world.Session(t), world.Values(t, nil)

	acctest.ExpectApply(t, session, config, tfcore.Create)
	world.ExpectJournal(t, acctest.Start, acctest.Describe)

	if said := session.Refresh(t.Context()); said.HasErrors() {
		t.Fatal(said)
	}
	world.ExpectJournal(t, acctest.Describe)

	plan := session.Plan(t.Context(), config.With(tfcore.Values{"volume": 40}))
	world.ExpectJournal(t)
	if said := session.Apply(t.Context(), plan); said.HasErrors() {
		t.Fatal(said)
	}
	world.ExpectJournal(t, acctest.Update)

	plan = session.PlanDestroy(t.Context())
	world.ExpectJournal(t)
	if said := session.Apply(t.Context(), plan); said.HasErrors() {
		t.Fatal(said)
	}
	world.ExpectJournal(t, acctest.Stop, acctest.Describe)
}

// TestAccMinimalParameters checks that a start sends nothing that is not set,
// but for what has a default.
func TestAccMinimalParameters(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	acctest.ExpectApply(t, world.Session(t), world.Values(t, nil), tfcore.Create)
	want := []string{"AutoPush", "RepeatNum", "RoomId", "RoomIdType", "SdkAppId", "StreamUrl", "UserId", "UserSig", "Volume"}
	if got := world.LastCall(t, acctest.Start).Parameters; !slices.Equal(got, want) {
		t.Errorf("parameters of the start = %v, want %v", got, want)
	}
}
