package provider_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// ephemeralBlock returns an ephemeral block named "test".
func ephemeralBlock(typeName string, arguments acctest.Arguments) string {
	return fmt.Sprintf("ephemeral %q \"test\" {\n%s}\n", typeName, arguments)
}

// userSigArguments returns userSigValues as arguments of a block, without a key.
func userSigArguments() acctest.Arguments {
	return acctest.Arguments{"sdk_app_id": strconv.Itoa(acctest.SdkAppID), "user_id": fmt.Sprintf("%q", acctest.UserID)}
}

// privilegedApp makes the service require a PrivateMapKey.
func privilegedApp(options *trtcmock.Options) {
	options.PrivilegedApps = map[uint64]bool{acctest.SdkAppID: true}
}

// TestAccWriteOnly checks that tickets are minted in every run, reach the service
// in write-only arguments, cause no change, and are not in state.
func TestAccWriteOnly(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.Ephemeral, features.WriteOnly)
	world := acctest.NewWorld(t, privilegedApp)
	world.Setenv(map[string]string{sdkSecretKeyVariable: acctest.SdkSecretKey})
	config := func(changes acctest.Arguments) string {
		return ephemeralBlock(userSigType, userSigArguments()) +
			ephemeralBlock(privateMapKeyType, merge(userSigArguments(), acctest.Arguments{"room_id": `"1001"`})) +
			world.Config(t, merge(acctest.Arguments{
				"user_sig": "", "user_sig_wo": "ephemeral.trtc_user_sig.test.user_sig",
				"private_map_key_wo": "ephemeral.trtc_private_map_key.test.private_map_key",
			}, changes))
	}
	nothing := map[string]knownvalue.Check{"user_sig_wo": knownvalue.Null(), "private_map_key_wo": knownvalue.Null()}
	aWeekLater := func() { world.Clock.Advance(week) }
	world.Run(t,
		world.Step(t, acctest.Apply{Config: config(nil), Action: plancheck.ResourceActionCreate, State: nothing, Calls: []string{acctest.Start}}),
		world.Step(t, acctest.Apply{Config: config(nil), Action: plancheck.ResourceActionNoop, Before: aWeekLater}),
		world.Step(t, acctest.Apply{
			Config: config(acctest.Arguments{"volume": "50"}), Action: plancheck.ResourceActionUpdate, Calls: []string{acctest.Update},
		}),
		world.Step(t, acctest.Apply{
			Config: config(acctest.Arguments{"auto_push": "true"}), Before: aWeekLater,
			Action: plancheck.ResourceActionDestroyBeforeCreate, Calls: []string{acctest.Stop, acctest.Start},
		}),
	)
}

// TestAccWriteOnly_EphemeralUnknown checks that a ticket can be minted from values
// that are known only after apply.
func TestAccWriteOnly_EphemeralUnknown(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.Ephemeral, features.WriteOnly)
	world := acctest.NewWorld(t)
	arguments := acctest.Arguments{"user_id": "terraform_data.robot.output", "sdk_secret_key": fmt.Sprintf("%q", acctest.SdkSecretKey)}
	world.Run(t, world.Step(t, acctest.Apply{
		Config: world.Config(t, acctest.Arguments{"user_sig": "", "user_sig_wo": "ephemeral.trtc_user_sig.test.user_sig"}) +
			ephemeralBlock(userSigType, merge(userSigArguments(), arguments)) +
			fmt.Sprintf("resource \"terraform_data\" \"robot\" {\n  input = %q\n}\n", acctest.UserID),
		Action: plancheck.ResourceActionCreate,
		Calls:  []string{acctest.Start},
	}))
}

// TestWriteOnly_PauseFails checks that the state of a create with a warning contains
// no ticket; otherwise Terraform would drop it and lose the task.
func TestWriteOnly_PauseFails(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Inject(t, acctest.RejectNext(acctest.Update, "UnauthorizedOperation"))
	session := world.Session(t)
	_, diags := session.ApplyConfig(t.Context(), world.Values(t, tfcore.Values{
		"paused": true, "user_sig": nil, "user_sig_wo": world.UserSig(t, acctest.UserID),
	}))
	acctest.ExpectWarning(t, diags, "UnauthorizedOperation")
	acctest.ExpectAttributes(t, session, tfcore.Values{"task_id": world.Mock.Alive()[0].ID, "user_sig_wo": nil})
}

const (
	signedURL = "https://example.com/live.flv?sign=canary"
	otherURL  = "https://example.com/other.flv?sign=canary"
)

// TestStreamURL_Changes checks the effect of each change of the stream, and
// whether the URL is sent.
func TestStreamURL_Changes(t *testing.T) {
	t.Parallel()
	plain := tfcore.Values{"stream_url": signedURL, "stream_url_wo": nil, "stream_url_wo_version": nil}
	writeOnly := tfcore.Values{"stream_url": nil, "stream_url_wo": signedURL, "stream_url_wo_version": 1}
	for name, test := range map[string]struct {
		before, after tfcore.Values
		action        tfcore.Action
		sent          bool
	}{
		"plain to write-only": {plain, writeOnly, tfcore.Update, true},
		"write-only to plain": {writeOnly, plain, tfcore.Update, true},
		"another version":     {writeOnly, writeOnly.With(tfcore.Values{"stream_url_wo_version": 2}), tfcore.Update, true},
		"another value only":  {writeOnly, writeOnly.With(tfcore.Values{"stream_url_wo": otherURL}), tfcore.NoOp, false},
		"volume only":         {writeOnly, writeOnly.With(tfcore.Values{"volume": 5}), tfcore.Update, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Created(t, world.Values(t, test.before))
			acctest.ExpectApply(t, session, world.Values(t, test.after), test.action)
			sent := test.action == tfcore.Update && world.LastCall(t, acctest.Update).StreamURL != ""
			if sent != test.sent {
				t.Errorf("URL sent in an update: %v, want %v", sent, test.sent)
			}
		})
	}
}

func TestStreamURL_WriteOnlyInvalid(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	for attribute, arguments := range map[string]tfcore.Values{
		"stream_url":            {"stream_url": signedURL, "stream_url_wo": signedURL, "stream_url_wo_version": 1},
		"stream_url_wo":         {"stream_url": nil, "stream_url_wo": signedURL},
		"stream_url_wo_version": {"stream_url_wo_version": 1},
	} {
		acctest.ExpectError(t, world.Session(t).Validate(t.Context(), world.Values(t, arguments)), attribute)
	}
}
