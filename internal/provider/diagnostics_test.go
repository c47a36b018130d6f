package provider_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestRefusedStart: a refusal points to the argument it is about, and says
// what support needs.
func TestRefusedStart(t *testing.T) {
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
		"AuthFailure.UnRealNameAuthenticated":               "",
		"IpNotInWhitelist":                                  "",
		"IpInBlacklist":                                     "",
		"NoSuchProduct":                                     "",
		"ResourceUnavailable.InArrears":                     "",
		"LimitExceeded.RateLimitExceeded":                   "",
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

// TestRefusedTwins: of two arguments for one value, the error points to the
// one that is set.
func TestRefusedTwins(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change    tfcore.Values
		code      string
		attribute string
	}{
		"user_sig":      {nil, "InvalidParameter.UserSig", "user_sig"},
		"user_sig_wo":   {tfcore.Values{"user_sig": nil, "user_sig_wo": "a-ticket"}, "InvalidParameter.UserSig", "user_sig_wo"},
		"stream_url":    {nil, "InvalidParameter.StreamUrl", "stream_url"},
		"stream_url_wo": {tfcore.Values{"stream_url": nil, "stream_url_wo": acctest.StreamURL, "stream_url_wo_version": 1}, "InvalidParameter.StreamUrl", "stream_url_wo"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Inject(t, acctest.RejectNext(acctest.Start, test.code))
			_, said := world.Session(t).ApplyConfig(t.Context(), world.Values(t, test.change))
			acctest.ExpectError(t, said, test.attribute, test.code)
		})
	}
}

// TestRefusedForReal: the mock refuses these by itself.
func TestRefusedForReal(t *testing.T) {
	t.Parallel()
	privileged := func(options *trtcmock.Options) { options.PrivilegedApps = map[uint64]bool{acctest.SdkAppID: true} }
	crowded := func(options *trtcmock.Options) { options.Quota = 1 }
	for name, test := range map[string]struct {
		options   func(*trtcmock.Options)
		second    tfcore.Values
		attribute string
		mention   string
	}{
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

// TestRefusedRoomNamesBothReadings: Tencent's pages contradict each other on
// room_id_type, and a mismatch may be refused with either code.
func TestRefusedRoomNamesBothReadings(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"InvalidParameter.RoomId", "InvalidParameter.StrRoomId"} {
		world := acctest.NewWorld(t)
		world.Inject(t, acctest.RejectNext(acctest.Start, code))
		_, said := world.Session(t).ApplyConfig(t.Context(), world.Values(t, nil))
		acctest.ExpectError(t, said, "room_id", "contradict each other", "the reverse", "try the other room_id_type")
	}
}

// answering is a transport that gives every request the same answer.
type answering string

func (a answering) RoundTrip(request *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	_, _ = recorder.WriteString(string(a))
	response := recorder.Result()
	response.Request = request
	return response, nil
}

// TestFactsOfARefusal: a code and a RequestId have a line when there is one, and
// a RequestId of another form is shown, without what it could do to a terminal.
func TestFactsOfARefusal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ answer, facts string }{
		"both":            {`{"Response":{"Error":{"Code":"A.B","Message":"No."},"RequestId":"0f0f"}}`, "\n\nAction: StartStreamIngest\nCode: A.B\nRequestId: 0f0f"},
		"no RequestId":    {`{"Response":{"Error":{"Code":"A.B","Message":"No."}}}`, "\n\nAction: StartStreamIngest\nCode: A.B"},
		"another form":    {`{"Response":{"Error":{"Code":"A.B","Message":"No."},"RequestId":"req \u001b[31m 7"}}`, "\nRequestId: req  [31m 7"},
		"lost, no code":   {`{"Response":{"RequestId":"0f0f"}}`, "apply again.\n\nRequestId: 0f0f"},
		"lost, no fact":   {`null`, "run terraform apply again."},
		"lost, with both": {`{"Response":{"Error":{"Code":"ServiceUnavailable"},"RequestId":"0f0f"}}`, "\n\nCode: ServiceUnavailable\nRequestId: 0f0f"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Options.Transport = answering(test.answer)
			_, said := world.Session(t).ApplyConfig(t.Context(), world.Values(t, nil))
			if len(said.Errors()) != 1 || !strings.HasSuffix(said.Errors()[0].Detail, test.facts) {
				t.Errorf("said %s, want the facts %q", said, test.facts)
			}
		})
	}
}

// TestUnreachable: nothing was sent, so nothing can run; the error says where to
// look, and what no repetition changes is tried once.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	t.Cleanup(proxy.Close)
	secured := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secured.Close)
	throughProxy := cloudapi.NewTransport()
	throughProxy.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
	plainProxy := cloudapi.NewTransport()
	plainProxy.Proxy = func(*http.Request) (*url.URL, error) {
		return url.Parse(strings.Replace(proxy.URL, "http:", "https:", 1))
	}
	for name, test := range map[string]struct {
		endpoint  string
		transport *http.Transport
		waits     bool
		mention   []string
	}{
		"refused connection": {"http://127.0.0.1:1", cloudapi.NewTransport(), true, []string{"could not be reached", "HTTPS_PROXY"}},
		"proxy":              {"https://trtc.example.com", throughProxy, false, []string{"The proxy refused to connect", "407", "user name and password in HTTPS_PROXY"}},
		"plain proxy":        {"https://trtc.example.com", plainProxy, false, []string{"The proxy setting is not valid", "must begin with http://", "HTTPS_PROXY"}},
		"certificate":        {secured.URL, cloudapi.NewTransport(), false, []string{"certificate is not trusted", "trust store"}},
		"no TLS":             {strings.Replace(proxy.URL, "http:", "https:", 1), cloudapi.NewTransport(), false, []string{"TLS connection was refused", "TLS 1.2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Options.Transport = test.transport
			t.Cleanup(test.transport.CloseIdleConnections)
			session := acctest.SessionOf(t, world.Provider(t, tfcore.Values{"endpoint": test.endpoint}))
			_, said := session.ApplyConfig(t.Context(), world.Values(t, nil))
			acctest.ExpectError(t, said, "", append(test.mention, "Nothing was sent")...)
			if text := said.Errors().String(); strings.Contains(text, "may have started") || strings.Contains(text, "billed") {
				t.Errorf("said %s, though nothing can run", text)
			}
			if waited := world.Clock.Slept() > 0; waited != test.waits {
				t.Errorf("waited %v for a repetition, want that: %v", world.Clock.Slept(), test.waits)
			}
			acctest.ExpectState(t, session, nil)
		})
	}
}

// TestInvalidProxyVariable: what HTTPS_PROXY holds is not bypassed, and not
// shown.
func TestInvalidProxyVariable(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://user:canary@%zz")
	world := acctest.NewWorld(t)
	world.Options.Transport = cloudapi.NewTransport()
	session := acctest.SessionOf(t, world.Provider(t, tfcore.Values{"endpoint": "https://trtc.example.com"}))
	_, said := session.ApplyConfig(t.Context(), world.Values(t, nil))
	acctest.ExpectError(t, said, "", "The proxy setting is not valid", "HTTPS_PROXY", "Nothing was sent")
	if strings.Contains(said.String(), "canary") {
		t.Errorf("said %s, which shows the password", said)
	}
}

// TestClockWarning: a local clock that is wrong costs one request, and one
// warning in the run.
func TestClockWarning(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ahead time.Duration // of the service
		said  string
	}{
		"behind": {10 * time.Minute, "10m0s behind the clock of Tencent Cloud"},
		"ahead":  {-10 * time.Minute, "10m0s ahead of the clock of Tencent Cloud"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t, func(options *trtcmock.Options) {
				local := options.Now
				options.Now = func() time.Time { return local().Add(test.ahead) }
				options.AppKeys = nil // The ticket of Values is stamped with the local clock.
			})
			session := world.Session(t)
			config := world.Values(t, nil)
			said := acctest.ExpectApply(t, session, config, tfcore.Create)
			if warnings := said.Mentioning("The local clock is out of sync"); len(warnings) != 1 || len(warnings.Mentioning(test.said)) != 1 {
				t.Errorf("said %s, want one warning: %s", said, test.said)
			}
			if again := session.Refresh(t.Context()); len(again) > 0 {
				t.Errorf("said %s, want the warning once per run", again)
			}
			world.ExpectJournal(t, acctest.Start+":AuthFailure.SignatureExpire", acctest.Start, acctest.Describe, acctest.Describe)
		})
	}
}

// TestAccErrorNamesFileAndLine checks that the CLI shows where the resource is
// configured, for a code that belongs to no argument.
func TestAccErrorNamesFileAndLine(t *testing.T) {
	t.Parallel()
	for flag, want := range map[string]struct{ from, text string }{
		"-no-color": {"Error: ", "on main.tf line "},
		"-json":     {`"severity":"error"`, `"range":{"filename":"main.tf"`},
	} {
		world := acctest.NewWorld(t)
		world.Inject(t, acctest.RejectAll(acctest.Start, "FailedOperation.RestrictedConcurrency"))
		cli := world.CLI(t)
		cli.Write(t, "main.tf", world.Config(t, nil))
		output := cli.Run(t, "apply", "-auto-approve", flag)
		_, text, _ := strings.Cut(output.Stdout+output.Stderr, want.from)
		if output.ExitCode != 1 || !strings.Contains(text, want.text) {
			t.Errorf("exit code %d, want 1 and %s in the error: %s", output.ExitCode, want.text, text)
		}
	}
}
