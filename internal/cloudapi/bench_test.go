package cloudapi_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// benchParameters are those of a typical start.
type benchParameters struct {
	SdkAppID   uint64 `json:"SdkAppId"`
	RoomID     string `json:"RoomId"`
	RoomIDType int64  `json:"RoomIdType"`
	UserID     string `json:"UserId"`
	UserSig    string `json:"UserSig"`
	StreamURL  string `json:"StreamUrl"`
}

func newBenchParameters() benchParameters {
	return benchParameters{
		SdkAppID: 1400000001, RoomID: "1001", RoomIDType: 1, UserID: "robot-1",
		UserSig: strings.Repeat("eJyrVgrxCdYr", 20), StreamURL: "https://example.com/live.flv?a=b&c=d",
	}
}

// echo is a transport in memory that drains the request and answers.
func echo(request *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, request.Body); err != nil {
		return nil, err
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(goodAnswer)), Request: request,
	}, nil
}

// benchCall returns a function that signs, sends and parses one call.
func benchCall(tb testing.TB) func() {
	tb.Helper()
	client := cloudapi.NewClient(cloudapi.Config{Transport: roundTrip(echo), UserAgent: "bench"})
	request := start()
	request.Parameters = newBenchParameters()
	return func() {
		var out taskAnswer
		if _, err := client.Call(tb.Context(), permanentKey(), request, &out); err != nil || out.TaskID == "" {
			tb.Fatal(err)
		}
	}
}

// sdkRequest and sdkResponse are what the SDK's product packages hand to its
// core.
type sdkRequest struct {
	*tchttp.BaseRequest
	benchParameters
}

type sdkResponse struct {
	*tchttp.BaseResponse

	Response *struct {
		TaskID    *string `json:"TaskId,omitempty"`
		RequestID *string `json:"RequestId,omitempty"`
	} `json:"Response"`
}

// benchSDKCall is benchCall through the bare SDK core.
func benchSDKCall(tb testing.TB) func() {
	tb.Helper()
	settings := profile.NewClientProfile()
	settings.HttpProfile.Endpoint = "trtc.intl.tencentcloudapi.com"
	settings.HttpProfile.ReqTimeout = 0
	client := common.NewCommonClient(common.NewCredential(canaryID, canaryKey), "ap-singapore", settings).WithHttpTransport(roundTrip(echo))
	return func() {
		request := &sdkRequest{BaseRequest: &tchttp.BaseRequest{}, benchParameters: newBenchParameters()}
		request.Init().WithApiInfo("trtc", "2019-07-22", "StartStreamIngest")
		request.SetContext(tb.Context())
		response := &sdkResponse{BaseResponse: &tchttp.BaseResponse{}}
		if err := client.Send(request, response); err != nil || response.Response.TaskID == nil {
			tb.Fatal(err)
		}
	}
}

// BenchmarkCall signs, sends and parses one call.
func BenchmarkCall(b *testing.B) {
	call := benchCall(b)
	b.ReportAllocs()
	for b.Loop() {
		call()
	}
}

// BenchmarkSDKCore does the same as BenchmarkCall through the bare SDK core.
func BenchmarkSDKCore(b *testing.B) {
	call := benchSDKCall(b)
	b.ReportAllocs()
	for b.Loop() {
		call()
	}
}
