package cloudapi_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
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

// tc3 computes the Authorization header by the four steps of the API's
// documentation.
func tc3(service, host, body string, at time.Time) string {
	mac := func(key []byte, text string) []byte {
		hash := hmac.New(sha256.New, key)
		_, _ = hash.Write([]byte(text))
		return hash.Sum(nil)
	}
	date := at.UTC().Format("2006-01-02")
	canonical := fmt.Sprintf("POST\n/\n\ncontent-type:application/json\nhost:%s\n\ncontent-type;host\n%x", host, sha256.Sum256([]byte(body)))
	toSign := fmt.Sprintf("TC3-HMAC-SHA256\n%d\n%s/%s/tc3_request\n%x", at.Unix(), date, service, sha256.Sum256([]byte(canonical)))
	key := mac(mac(mac([]byte("TC3"+canaryKey), date), service), "tc3_request")
	return fmt.Sprintf("TC3-HMAC-SHA256 Credential=%s/%s/%s/tc3_request, SignedHeaders=content-type;host, Signature=%x",
		canaryID, date, service, mac(key, toSign))
}

func TestRequestIsSignedAsDocumented(t *testing.T) {
	t.Parallel()
	const body = `{"SdkAppId":1400000001,"StreamUrl":"https://example.com/a?b=1\u0026c=\u003cd\u003e"}`
	signed := tc3("trtc", "trtc.intl.tencentcloudapi.com", body, startOfTime)
	headers := func(changes ...string) http.Header {
		header := http.Header{
			"Authorization": {signed}, "Content-Type": {"application/json"}, "X-Tc-Action": {"StartStreamIngest"},
			"X-Tc-Version": {"2019-07-22"}, "X-Tc-Region": {"ap-singapore"}, "X-Tc-Language": {"en-US"},
			"X-Tc-Timestamp": {strconv.FormatInt(startOfTime.Unix(), 10)}, "X-Tc-Requestclient": {"test"},
		}
		for change := range len(changes) / 2 {
			name, value := changes[2*change], changes[2*change+1]
			header.Set(name, value)
			if value == "" {
				header.Del(name)
			}
		}
		return header
	}
	cases := map[string]struct {
		credential cloudapi.Credential
		change     func(*cloudapi.Request)
		want       http.Header
	}{
		"permanent key": {credential: permanentKey(), want: headers()},
		"temporary key": {credential: temporaryKey(), want: headers("X-TC-Token", canaryToken)},
		"no region": {
			credential: permanentKey(), change: func(r *cloudapi.Request) { r.Region = "" },
			want: headers("X-TC-Region", ""),
		},
		"without a signature": {
			change: func(r *cloudapi.Request) { r.Unsigned = true },
			want:   headers("Authorization", "SKIP"),
		},
		"another service": {
			credential: permanentKey(),
			change:     func(r *cloudapi.Request) { r.Service, r.Version, r.Action = "sts", "2018-08-13", "AssumeRole" },
			want: headers("X-TC-Version", "2018-08-13", "X-TC-Action", "AssumeRole", "Authorization",
				tc3("sts", "trtc.intl.tencentcloudapi.com", body, startOfTime)),
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var kept journal
			request := start()
			if c.change != nil {
				c.change(&request)
			}
			var out taskAnswer
			requestID, err := inMemory(answering(t, &kept, http.StatusOK, goodAnswer)).Call(t.Context(), c.credential, request, &out)
			if err != nil || out.TaskID != "task-1" || requestID != "6c924bfe-1e6b-4bc3-9b93-000000000001" {
				t.Fatalf("Call = %q, %v with %+v, want the answer's fields", requestID, err, out)
			}
			sent := kept.all()
			if len(sent) != 1 {
				t.Fatalf("%d requests were sent, want 1", len(sent))
			}
			want := received{header: c.want, host: "trtc.intl.tencentcloudapi.com", url: "https://trtc.intl.tencentcloudapi.com/", body: body}
			if difference := cmp.Diff(want, sent[0], cmp.AllowUnexported(received{})); difference != "" {
				t.Errorf("request (-want +got):\n%s", difference)
			}
		})
	}
}

func TestEveryCallIsSignedAnew(t *testing.T) {
	t.Parallel()
	var kept journal
	fake := clocktest.New(startOfTime)
	client := cloudapi.NewClient(cloudapi.Config{Transport: answering(t, &kept, http.StatusOK, goodAnswer), Clock: fake})
	for range 3 {
		if _, err := client.Call(t.Context(), permanentKey(), start(), &taskAnswer{}); err != nil {
			t.Fatal(err)
		}
		// Across midnight, so that the date of the scope changes too.
		fake.Advance(90 * time.Second)
	}
	for number, sent := range kept.all() {
		at := startOfTime.Add(time.Duration(number) * 90 * time.Second)
		if got, want := sent.header.Get("X-TC-Timestamp"), strconv.FormatInt(at.Unix(), 10); got != want {
			t.Errorf("timestamp of call %d = %s, want %s", number, got, want)
		}
		if got, want := sent.header.Get("Authorization"), tc3("trtc", sent.host, sent.body, at); got != want {
			t.Errorf("signature of call %d:\n got %s\nwant %s", number, got, want)
		}
	}
}

func TestNewCredentialSignsTheNextCall(t *testing.T) {
	t.Parallel()
	var kept journal
	client := inMemory(answering(t, &kept, http.StatusOK, goodAnswer))
	renewed := temporaryKey()
	renewed.SecretID = secret.New("AKIDrenewed")
	for _, credential := range []cloudapi.Credential{temporaryKey(), renewed, permanentKey()} {
		for _, region := range []string{"ap-singapore", "ap-mumbai"} {
			request := start()
			request.Region = region
			if _, err := client.Call(t.Context(), credential, request, &taskAnswer{}); err != nil {
				t.Fatal(err)
			}
			sent := kept.all()
			last := sent[len(sent)-1]
			if got := last.header.Get("Authorization"); !strings.Contains(got, "Credential="+credential.SecretID.Reveal()+"/") {
				t.Errorf("signed with %s, want %s", got, credential.SecretID.Reveal())
			}
			if got, want := last.header.Get("X-TC-Token"), credential.Token.Reveal(); got != want {
				t.Errorf("token = %q, want %q", got, want)
			}
			if got := last.header.Get("X-TC-Region"); got != region {
				t.Errorf("region = %q, want %q", got, region)
			}
		}
	}
}

// TestSignaturesOfTheSDK signs random requests with Tencent's SDK, and checks
// that the same requests with its timestamps get the same headers here.
func TestSignaturesOfTheSDK(t *testing.T) {
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
		var got http.Header
		client := cloudapi.NewClient(cloudapi.Config{Clock: clocktest.New(time.Unix(seconds, 0)), Transport: roundTrip(func(sent *http.Request) (*http.Response, error) {
			got = sent.Header
			return echo(sent)
		})})
		request.Parameters = json.RawMessage(body)
		if _, err := client.Call(context.Background(), credential, request, &taskAnswer{}); err != nil {
			t.Fatal(err)
		}
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
