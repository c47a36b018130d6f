package provider_test

import (
	"fmt"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// notWhole are numbers that no argument takes.
func notWhole() []float64 { return []float64{1.5, -0.1, 1e30} }

// TestAccNotWholeNumbers: a number with a fraction, or one beyond 64 bits, is
// the user's mistake, and is told once.
func TestAccNotWholeNumbers(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	below := world.Provider(t, nil)
	for argument, rule := range map[string]string{
		"sdk_app_id":            "sdk_app_id must be a whole number from 1 to 4294967295.",
		"room_id_type":          "room_id_type must be a whole number.",
		"stream_url_wo_version": "stream_url_wo_version must be a whole number.",
		"seek_second":           "seek_second must be a whole number.",
		"repeat_num":            "repeat_num must be a whole number.",
		"max_duration":          "max_duration must be a whole number.",
		"volume":                "volume must be a whole number.",
	} {
		for _, number := range notWhole() {
			t.Run(fmt.Sprint(argument, " ", number), func(t *testing.T) {
				t.Parallel()
				config := world.Values(t, tfcore.Values{argument: number})
				if argument == "stream_url_wo_version" {
					config = config.With(tfcore.Values{"stream_url": nil, "stream_url_wo": signedURL})
				}
				said := acctest.SessionOf(t, below).Plan(t.Context(), config).Diagnostics
				acctest.ExpectError(t, said, argument, rule)
				world.ExpectJournal(t)
			})
		}
	}
}

// TestAccNotWholeElsewhere: the same beside the resource.
func TestAccNotWholeElsewhere(t *testing.T) {
	t.Parallel()
	const sdkAppIDRule = "must be a whole number from 1 to 4294967295"
	world := acctest.NewWorld(t)
	below := world.Provider(t, nil)
	tickets := newEphemeralServer(t, world)
	taskID := running(t, world)
	for _, number := range notWhole() {
		named := tfcore.Values{"sdk_app_id": number, "task_id": taskID}
		_, said := below.ReadData(t.Context(), acctest.DataSourceType, named)
		acctest.ExpectError(t, said, "sdk_app_id", sdkAppIDRule)
		_, said = below.Invoke(t.Context(), acctest.ResourceType+"_stop", named)
		acctest.ExpectError(t, said, "sdk_app_id", sdkAppIDRule)
		acctest.ExpectError(t, acctest.SessionOf(t, below).ImportByIdentity(t.Context(), named), "sdk_app_id", sdkAppIDRule)

		acctest.ExpectError(t, tickets.validate(t, userSigType, userSigValues(tfcore.Values{"sdk_app_id": number})), "sdk_app_id", sdkAppIDRule)
		acctest.ExpectError(t, tickets.validate(t, userSigType, userSigValues(tfcore.Values{"expires_in": number})), "expires_in", "must be a whole number")
		said = tickets.validate(t, privateMapKeyType, userSigValues(tfcore.Values{"room_id": "1001", "room_id_type": number}))
		acctest.ExpectError(t, said, "room_id_type", "must be a whole number")

		said = world.Connect(t).Configure(t.Context(), world.ProviderValues(tfcore.Values{"requests_per_second": number}))
		acctest.ExpectError(t, said, "requests_per_second", "must be a whole number")
		said = world.Connect(t).Configure(t.Context(), world.ProviderValues(tfcore.Values{
			"assume_role": tfcore.Values{"role_arn": "qcs::cam::uin/1:roleName/x", "session_duration": number},
		}))
		acctest.ExpectError(t, said, "assume_role.session_duration", "must be a whole number")
	}
}
