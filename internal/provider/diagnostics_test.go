package provider_test

import (
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccRefusedStart: a refusal points to the argument it is about, and says
// what support needs.
func TestAccRefusedStart(t *testing.T) {
	t.Parallel()
	for code, attribute := range map[string]string{
		"FailedOperation.NotAllowed":                        "",
		"FailedOperation.NotRtmpFunction":                   "",
		"FailedOperation.RestrictedConcurrency":             "",
		"FailedOperation.NotAbility":                        "",
		"FailedOperation.SdkAppIdNotExist":                  "sdk_app_id",
		"FailedOperation.SdkAppIdNotUnderAppId":             "sdk_app_id",
		"InvalidParameter.BodyParamsError":                  "",
		"InvalidParameter.SdkAppId":                         "sdk_app_id",
		"InvalidParameter.RoomId":                           "room_id",
		"InvalidParameter.StrRoomId":                        "room_id",
		"InvalidParameter.UserId":                           "user_id",
		"InvalidParameter.UserSig":                          "user_sig",
		"InvalidParameter.StreamUrl":                        "stream_url",
		"MissingParameter.RoomId":                           "room_id",
		"MissingParameter.SdkAppId":                         "sdk_app_id",
		"MissingParameter.UserId":                           "user_id",
		"MissingParameter.UserSig":                          "user_sig",
		"ResourceInsufficient.RequestRejection":             "",
		"UnsupportedRegion":                                 "region",
		"UnauthorizedOperation.SdkAppId":                    "sdk_app_id",
		"UnauthorizedOperation":                             "",
		"AuthFailure.SignatureExpire":                       "",
		"AuthFailure.SignatureFailure":                      "",
		"AuthFailure.SecretIdNotFound":                      "",
		"AuthFailure.TokenFailure":                          "",
		"AuthFailure.MFAFailure":                            "",
		"AuthFailure.InvalidSecretId":                       "",
		"RequestLimitExceeded.UinLimitExceeded":             "",
		"RequestLimitExceeded.GlobalRegionUinLimitExceeded": "",
		"LimitExceeded":                                     "",
		"InvalidParameterValue":                             "",
		"UnknownParameter":                                  "",
		"UnsupportedOperation":                              "",
		"InvalidAction":                                     "",
		"NoSuchVersion":                                     "",
		"Brand.NewCode":                                     "",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Inject(t, trtcmock.Fault{
				Action: acctest.Start, Kind: trtcmock.FaultCode, Code: code, Times: -1, Message: "what the service says",
			})
			session := world.Session(t)
			_, said := session.ApplyConfig(t.Context(), world.Values(t, nil))
			acctest.ExpectError(t, said, attribute, "what the service says.", "room 1001 of application 1400000001",
				"Code: "+code, "Action: "+acctest.Start, "RequestId: "+world.LastCall(t, acctest.Start).RequestID)
			acctest.ExpectState(t, session, nil)
		})
	}
}

// TestAccRefusedTwins: of two arguments for one value, the error points to the
// one that is set.
func TestAccRefusedTwins(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change    tfcore.Values
		code      string
		attribute string
	}{
		"user_sig":      {nil, "InvalidParameter.UserSig", "user_sig"},
		"user_sig_wo":   {tfcore.Values{"user_sig": nil, "user_sig_wo": "a ticket"}, "InvalidParameter.UserSig", "user_sig_wo"},
		"stream_url":    {nil, "InvalidParameter.StreamUrl", "stream_url"},
		"stream_url_wo": {tfcore.Values{"stream_url": nil, "stream_url_wo": acctest.StreamURL, "stream_url_wo_version": 1}, "InvalidParameter.StreamUrl", "stream_url_wo"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Inject(t, acctest.Answer(acctest.Start, test.code))
			_, said := world.Session(t).ApplyConfig(t.Context(), world.Values(t, test.change))
			acctest.ExpectError(t, said, test.attribute, test.code)
		})
	}
}

// TestAccRefusedForReal: the mock refuses these by itself.
func TestAccRefusedForReal(t *testing.T) {
	t.Parallel()
	privileged := func(options *trtcmock.Options) { options.PrivilegedApps = map[uint64]bool{acctest.SdkAppID: true} }
	crowded := func(options *trtcmock.Options) { options.Quota = 1 }
	for name, test := range map[string]struct {
		options   func(*trtcmock.Options)
		second    tfcore.Values
		attribute string
		mention   string
	}{
		"ticket of another user": {anyQuota, tfcore.Values{"user_id": "robot-2"}, "user_sig", "InvalidParameter.UserSig"},
		"room entry not allowed": {privileged, tfcore.Values{"private_map_key": nil, "room_id": "1002"}, "", "MissingParameter"},
		"quota used up":          {crowded, tfcore.Values{"private_map_key": nil, "room_id": "1002"}, "", "quota of running ingest tasks"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t, test.options)
			first := world.Values(t, tfcore.Values{"private_map_key": world.PrivateMapKey(t, acctest.UserID, 1001)})
			acctest.ExpectApply(t, world.Session(t), first, tfcore.Create)
			_, said := world.Session(t).ApplyConfig(t.Context(), first.With(test.second))
			acctest.ExpectError(t, said, test.attribute, test.mention)
		})
	}
}

// anyQuota leaves a service as it is.
func anyQuota(*trtcmock.Options) {}

// TestAccUnreachable: nothing was sent, so nothing can run, and the error says
// where to look.
func TestAccUnreachable(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := acctest.SessionOf(t, world.Provider(t, tfcore.Values{"endpoint": "http://127.0.0.1:1"}))
	_, said := session.ApplyConfig(t.Context(), world.Values(t, nil))
	acctest.ExpectError(t, said, "", "could not be reached", "Nothing was sent", "HTTPS_PROXY")
	if text := said.Errors().String(); strings.Contains(text, "may have started") || strings.Contains(text, "billed") {
		t.Errorf("said %s, though nothing can run", text)
	}
	acctest.ExpectState(t, session, nil)
}
