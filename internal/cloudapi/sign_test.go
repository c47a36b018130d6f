package cloudapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// authorization returns the header with a signature of the day of clockStart.
func authorization(service, signature string) string {
	return "TC3-HMAC-SHA256 Credential=" + canaryID + "/2031-07-04/" + service + "/tc3_request, SignedHeaders=content-type;host, Signature=" + signature
}

// TestCall_Request checks the whole request. The signatures were computed by the steps
// of the API's documentation.
func TestCall_Request(t *testing.T) {
	t.Parallel()
	const host, body = "trtc.intl.tencentcloudapi.com", `{"SdkAppId":1400000001,"StreamUrl":"https://example.com/a?b=1\u0026c=\u003cd\u003e"}`
	for name, c := range map[string]struct {
		credential cloudapi.Credential
		change     func(*cloudapi.Request)
		want       map[string]string // headers that differ
	}{
		"permanent key": {permanentKey(), func(*cloudapi.Request) {}, nil},
		"temporary key": {temporaryKey(), func(*cloudapi.Request) {}, map[string]string{"X-TC-Token": canaryToken}},
		"no region":     {permanentKey(), func(r *cloudapi.Request) { r.Region = "" }, map[string]string{"X-TC-Region": ""}},
		"unsigned":      {cloudapi.Credential{}, func(r *cloudapi.Request) { r.Unsigned = true }, map[string]string{"Authorization": "SKIP"}},
		"another service": {
			permanentKey(), func(r *cloudapi.Request) { r.Service, r.Version, r.Action = "sts", "2018-08-13", "AssumeRole" },
			map[string]string{"X-TC-Version": "2018-08-13", "X-TC-Action": "AssumeRole", "Authorization": authorization("sts", "7b988269c470fb81971d90c19b46fc938ad35cf02bff4b855bca7f23c1964b1f")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := received{host: host, url: "https://" + host + "/", body: body, header: http.Header{
				"Authorization": {authorization("trtc", "cad03642bf6ed16e2455fc0ad1cc0151418001503d5af459c6ccffadad245220")}, "Content-Type": {"application/json"}, "X-Tc-Action": {"StartStreamIngest"},
				"X-Tc-Version": {"2019-07-22"}, "X-Tc-Region": {"ap-singapore"}, "X-Tc-Language": {"en-US"},
				"X-Tc-Timestamp": {strconv.FormatInt(clockStart.Unix(), 10)}, "X-Tc-Requestclient": {"test"},
			}}
			for header, value := range c.want {
				if want.header.Set(header, value); value == "" {
					want.header.Del(header)
				}
			}
			request, wire := start(), respond(http.StatusOK, goodResponse)
			c.change(&request)
			var out taskOutput
			requestID, err := newClient(wire).Call(t.Context(), c.credential, request, &out)
			if err != nil || out.TaskID != "task-1" || requestID != goodID {
				t.Fatalf("Call = %q, %v with %+v, want the fields of the response", requestID, err, out)
			}
			if diff := cmp.Diff([]received{want}, wire.requests(), cmp.AllowUnexported(received{})); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCall_SignedAnew checks that each call of a client is signed with its own time and
// key, even across midnight, when the date of the signature's scope changes.
func TestCall_SignedAnew(t *testing.T) {
	t.Parallel()
	wire, fake := respond(http.StatusOK, goodResponse), clocktest.New(clockStart)
	client := cloudapi.NewClient(cloudapi.Config{Transport: wire, Clock: fake})
	for number, credential := range []cloudapi.Credential{permanentKey(), temporaryKey(), permanentKey()} {
		if _, err := client.Call(t.Context(), credential, start(), &taskOutput{}); err != nil {
			t.Fatal(err)
		}
		sent := wire.requests()[number].header
		scope := canaryID + fake.Now().Format("/2006-01-02/")
		if sent.Get("X-TC-Timestamp") != strconv.FormatInt(fake.Now().Unix(), 10) || !strings.Contains(sent.Get("Authorization"), scope) {
			t.Errorf("call %d at %v has the headers %v", number, fake.Now(), sent)
		}
		if got, want := sent.Get("X-TC-Token"), credential.Token.Reveal(); got != want {
			t.Errorf("token of call %d = %q, want %q", number, got, want)
		}
		fake.Advance(90 * time.Second)
	}
}

// TestCall_SignatureOfSDK signs random requests with Tencent's SDK, and checks that the
// same requests with its timestamps get the same headers here.
func TestCall_SignatureOfSDK(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[A-Za-z0-9-]{1,40}`)
		request := cloudapi.Request{
			Endpoint:   cloudapi.Endpoint{Scheme: "https", Host: rapid.StringMatching(`[a-z]{1,20}\.example(:[1-9][0-9]{0,3})?`).Draw(t, "host")},
			Service:    word.Draw(t, "service"),
			Version:    "2019-07-22",
			Action:     word.Draw(t, "action"),
			Region:     word.Draw(t, "region"),
			Parameters: map[string]any{"Parameter": rapid.String().Draw(t, "parameter")},
		}
		credential := cloudapi.Credential{
			SecretID: secret.New(word.Draw(t, "secret ID")), SecretKey: secret.New(word.Draw(t, "secret key")), Token: secret.New(rapid.SampledFrom([]string{"", "token"}).Draw(t, "token")),
		}
		want, body := signWithSDK(t, credential, request)
		seconds, err := strconv.ParseInt(want.Get("X-TC-Timestamp"), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		wire := respond(http.StatusOK, goodResponse)
		client := cloudapi.NewClient(cloudapi.Config{Clock: clocktest.New(time.Unix(seconds, 0)), Transport: wire})
		request.Parameters = json.RawMessage(body)
		if _, err := client.Call(context.Background(), credential, request, &taskOutput{}); err != nil {
			t.Fatal(err)
		}
		got := wire.requests()[0].header
		for _, name := range []string{"Authorization", "X-TC-Action", "X-TC-Version", "X-TC-Region", "X-TC-Token", "Content-Type"} {
			if got.Get(name) != want.Get(name) {
				t.Errorf("%s:\n got %s\nwant %s", name, got.Get(name), want.Get(name))
			}
		}
	})
}

// signWithSDK returns the headers and the body that Tencent's SDK sends.
func signWithSDK(t *rapid.T, credential cloudapi.Credential, request cloudapi.Request) (http.Header, []byte) {
	settings := profile.NewClientProfile()
	settings.HttpProfile.Endpoint = request.Endpoint.Host
	var header http.Header
	var body []byte
	key := common.NewTokenCredential(credential.SecretID.Reveal(), credential.SecretKey.Reveal(), credential.Token.Reveal())
	client := common.NewCommonClient(key, request.Region, settings).WithHttpTransport(roundTrip(func(sent *http.Request) (*http.Response, error) {
		header = sent.Header
		body, _ = io.ReadAll(sent.Body)
		return nil, errors.New("kept")
	}))
	message := tchttp.NewCommonRequest(request.Service, request.Version, request.Action)
	if err := message.SetActionParameters(request.Parameters); err != nil {
		t.Fatal(err)
	}
	if err := client.Send(message, tchttp.NewCommonResponse()); err == nil || header == nil {
		t.Fatalf("the SDK sent nothing: %v", err)
	}
	return header, body
}
