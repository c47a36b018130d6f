package provider_test

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

func TestAccUpdate(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	const otherURL = "https://example.com/other.m3u8"
	changed := func(config acctest.Arguments, state map[string]knownvalue.Check) resource.TestStep {
		return world.Step(t, acctest.Apply{
			Config: world.Config(t, config),
			Action: plancheck.ResourceActionUpdate,
			Calls:  []string{acctest.Update},
			Plan: []plancheck.PlanCheck{
				plancheck.ExpectKnownValue(acctest.Address, tfjsonpath.New("task_id"), knownvalue.NotNull()),
				plancheck.ExpectKnownValue(acctest.Address, tfjsonpath.New("status"), acctest.Text("InProgress")),
			},
			State: state,
		})
	}
	world.Run(t,
		world.Step(t, acctest.Apply{
			Config: world.Config(t, nil),
			Action: plancheck.ResourceActionCreate,
			Calls:  []string{acctest.Start},
		}),
		changed(acctest.Arguments{"volume": "25"}, map[string]knownvalue.Check{"volume": acctest.Whole(25)}),
		changed(acctest.Arguments{"volume": "0", "stream_url": `"` + otherURL + `"`},
			map[string]knownvalue.Check{"volume": acctest.Whole(0), "stream_url": acctest.Text(otherURL)}),
		changed(acctest.Arguments{"stream_url": `"` + otherURL + `"`}, map[string]knownvalue.Check{"volume": acctest.Whole(100)}),
		world.Step(t, acctest.Apply{
			Config: world.Config(t, acctest.Arguments{"stream_url": `"` + otherURL + `"`, "user_sig": `"rotated"`}),
			Action: plancheck.ResourceActionUpdate,
			State:  map[string]knownvalue.Check{"user_sig": acctest.Text("rotated")},
		}),
	)
}

// TestUpdateParameters checks that every mutable value is sent, and the URL
// only when it changed.
func TestUpdateParameters(t *testing.T) {
	t.Parallel()
	const otherURL = "https://example.com/other.m3u8"
	for name, test := range map[string]struct {
		change tfcore.Values
		sent   []string
		url    string
		volume uint64
		paused bool
	}{
		"volume": {tfcore.Values{"volume": 0}, []string{"IsPause", "SdkAppId", "TaskId", "Volume"}, "", 0, false},
		"paused": {tfcore.Values{"paused": true}, []string{"IsPause", "SdkAppId", "TaskId", "Volume"}, "", 70, true},
		"stream_url": {
			tfcore.Values{"stream_url": otherURL}, []string{"IsPause", "SdkAppId", "StreamUrl", "TaskId", "Volume"}, otherURL, 70, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			config := world.Values(t, tfcore.Values{"volume": 70})
			session := world.Created(t, config)
			acctest.ExpectApply(t, session, config.With(test.change), tfcore.Update)
			call := world.LastCall(t, acctest.Update)
			if !slices.Equal(call.Parameters, test.sent) || call.StreamURL != test.url {
				t.Errorf("sent %v, URL %q; want %v, URL %q", call.Parameters, call.StreamURL, test.sent, test.url)
			}
			if call.Volume == nil || *call.Volume != test.volume || call.Paused == nil || *call.Paused != test.paused {
				t.Errorf("sent volume %v, pause %v", call.Volume, call.Paused)
			}
			world.ExpectJournal(t, acctest.Describe, acctest.Update)
		})
	}
}

// TestUpdateFails checks that a refused update changes neither the task nor
// state, and that the next plan repeats it.
func TestUpdateFails(t *testing.T) {
	t.Parallel()
	_, session, config := scenario{
		begin: created, faults: []trtcmock.Fault{acctest.RejectNext(acctest.Update, "InvalidParameter.StreamUrl")}, command: apply,
		change:    tfcore.Values{"stream_url": "https://example.com/refused"},
		attribute: "stream_url", fails: []string{"InvalidParameter.StreamUrl", "RequestId: "},
	}.run(t)
	acctest.ExpectApply(t, session, config, tfcore.Update)
	acctest.ExpectSettled(t, session, config)
}
