package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// TestInvisibleCharacters checks that one error names the kind of an invisible
// character in a URL or inside a ticket, and does not quote the value.
func TestInvisibleCharacters(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Session(t)
	const before, after = "https://example.com/canary", "canary.flv"
	for character, kind := range map[string]string{
		" ": "a space (U+0020)", "\t": "a tab (U+0009)", "\n": "a line break (U+000A)", "\r": "a line break (U+000D)",
		"\u00a0": "white space (U+00A0)", "\u3000": "white space (U+3000)", "\u2028": "white space (U+2028)",
		"\u0000": "a control character (U+0000)", "\u007f": "a control character (U+007F)",
		"\u00ad": "an invisible character (U+00AD)", "\u200b": "an invisible character (U+200B)", "\u202e": "an invisible character (U+202E)",
		"\ufeff": "an invisible character (U+FEFF)", "\ufe0f": "an invisible character (U+FE0F)", "\u3164": "an invisible character (U+3164)",
	} {
		change := map[string]tfcore.Values{
			"stream_url":         {"stream_url": before + character + after},
			"stream_url_wo":      {"stream_url": nil, "stream_url_wo": before + after + character, "stream_url_wo_version": 1},
			"user_sig":           {"user_sig": before + character + after},
			"user_sig_wo":        {"user_sig": nil, "user_sig_wo": before + character + after},
			"private_map_key":    {"private_map_key": before + character + after},
			"private_map_key_wo": {"private_map_key_wo": before + character + after},
		}
		for attribute, values := range change {
			diags := session.Validate(t.Context(), world.Values(t, values))
			acctest.ExpectError(t, diags, attribute, "contains "+kind+".", "not shown")
			if strings.Contains(diags.String(), "canary") {
				t.Errorf("%s quotes the value", diags)
			}
		}
	}
}

// notWhole returns numbers that no argument accepts.
func notWhole() []float64 { return []float64{1.5, -0.1, 1e30} }

// TestNotWholeNumbers checks that a number with a fraction or beyond 64 bits is
// reported once, as an invalid value.
func TestNotWholeNumbers(t *testing.T) {
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
		"idle_timeout":          "idle_timeout must be a whole number.",
	} {
		for _, number := range notWhole() {
			t.Run(fmt.Sprint(argument, " ", number), func(t *testing.T) {
				t.Parallel()
				config := world.Values(t, tfcore.Values{argument: number})
				if argument == "stream_url_wo_version" {
					config = config.With(tfcore.Values{"stream_url": nil, "stream_url_wo": signedURL})
				}
				diags := below.Session(acctest.ResourceType).Plan(t.Context(), config).Diagnostics
				acctest.ExpectError(t, diags, argument, rule)
				world.ExpectJournal(t)
			})
		}
	}
}

// TestNotWholeNumbers_Elsewhere checks the same outside of the resource.
func TestNotWholeNumbers_Elsewhere(t *testing.T) {
	t.Parallel()
	const sdkAppIDRule = "must be a whole number from 1 to 4294967295"
	world := acctest.NewWorld(t)
	below := world.Provider(t, nil)
	taskID := running(t, world)
	for _, number := range notWhole() {
		named := tfcore.Values{"sdk_app_id": number, "task_id": taskID}
		_, diags := below.ReadData(t.Context(), acctest.DataSourceType, named)
		acctest.ExpectError(t, diags, "sdk_app_id", sdkAppIDRule)
		_, diags = below.Invoke(t.Context(), acctest.ResourceType+"_stop", named)
		acctest.ExpectError(t, diags, "sdk_app_id", sdkAppIDRule)
		acctest.ExpectError(t, below.Session(acctest.ResourceType).ImportByIdentity(t.Context(), named), "sdk_app_id", sdkAppIDRule)

		acctest.ExpectError(t, below.ValidateEphemeral(t.Context(), userSigType, userSigValues(tfcore.Values{"sdk_app_id": number})), "sdk_app_id", sdkAppIDRule)
		acctest.ExpectError(t, below.ValidateEphemeral(t.Context(), userSigType, userSigValues(tfcore.Values{"expires_in": number})), "expires_in", "must be a whole number")
		diags = below.ValidateEphemeral(t.Context(), privateMapKeyType, userSigValues(tfcore.Values{"room_id": "1001", "room_id_type": number}))
		acctest.ExpectError(t, diags, "room_id_type", "must be a whole number")

		diags = world.Connect(t).Configure(t.Context(), world.ProviderValues(tfcore.Values{"requests_per_second": number}))
		acctest.ExpectError(t, diags, "requests_per_second", "must be a whole number")
		diags = world.Connect(t).Configure(t.Context(), world.ProviderValues(tfcore.Values{
			"assume_role": tfcore.Values{"role_arn": "qcs::cam::uin/1:roleName/x", "session_duration": number},
		}))
		acctest.ExpectError(t, diags, "assume_role.session_duration", "must be a whole number")
	}
}
