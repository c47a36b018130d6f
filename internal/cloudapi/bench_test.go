package cloudapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// BenchmarkCall signs, sends and parses one start of typical size.
func BenchmarkCall(b *testing.B) {
	client := cloudapi.NewClient(cloudapi.Config{UserAgent: "bench", Transport: respond(http.StatusOK, goodResponse).roundTrip})
	request := start()
	request.Parameters = struct {
		SdkAppID                uint64
		RoomID, UserID, UserSig string
		StreamURL               string
	}{1400000001, "1001", "robot-1", strings.Repeat("eJyrVgrxCdYr", 20), "https://example.com/live.flv?a=b&c=d"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.Call(b.Context(), permanentKey(), request, &taskOutput{}); err != nil {
			b.Fatal(err)
		}
	}
}
