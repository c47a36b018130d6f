package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	sdkerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	sdkhttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// sdk is a client that shares no code with this project: Tencent's SDK as its
// documentation shows it.
type sdk struct {
	host       string
	credential *common.Credential
	calls      int
}

func (s *sdk) transmit(_ context.Context, call request) (answer, error) {
	body, ok := call.parameters.(parameters)
	if !ok {
		return answer{}, errors.New("the SDK sends objects only")
	}
	settings := profile.NewClientProfile()
	settings.HttpProfile.Scheme, settings.HttpProfile.Endpoint = "HTTP", s.host
	settings.DisableRegionBreaker = true
	client := common.NewCommonClient(s.credential, call.region, settings)
	message := sdkhttp.NewCommonRequest(service, version, call.action)
	if err := message.SetActionParameters(map[string]any(body)); err != nil {
		return answer{}, err
	}
	s.calls++
	response := sdkhttp.NewCommonResponse()
	err := client.Send(message, response)
	var refused *sdkerrors.TencentCloudSDKError
	switch {
	case errors.As(err, &refused) && !strings.HasPrefix(refused.Code, "ClientError"):
		return answer{code: refused.Code}, nil
	case err != nil:
		return answer{}, err
	}
	var envelope struct{ Response result }
	err = json.Unmarshal(response.GetBody(), &envelope)
	return answer{status: envelope.Response.Status, taskID: envelope.Response.TaskID}, err
}

// The mock answers Tencent's SDK as it answers this project's signing core, so
// that the two cannot share a mistake in signing or encoding.
func TestWitness(t *testing.T) {
	t.Parallel()
	for _, china := range []bool{false, true} {
		t.Run(Site(china), func(t *testing.T) {
			t.Parallel()
			e := newEnvironment(t, china, nil, func(o *trtcmock.Options) {
				o.Now, o.RequestsPerSecond = time.Now, -1
			})
			// The SDK stamps its requests with the system's time, as the mock does here.
			// The probes wait on a clock of their own.
			e.config.Clock = clocktest.New(time.Now())
			run, err := New(e.config)
			if err != nil {
				t.Fatal(err)
			}
			witness := &sdk{host: e.config.Endpoint.Host, credential: common.NewCredential(testSecretID, testSecretKey)}
			run.transmit = witness.transmit
			// The probes whose requests no client of Tencent's sends, or that wait,
			// are left out.
			probes := probesOf(10, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36)
			expect := func(p Probe) Observation { return expected(t, p, china) }
			err = run.Probes(t.Context(), probes, expect, func(o Outcome) {
				if o.Verdict != Equal {
					t.Errorf("probe %d: %s: %s %v, want %v", o.Probe.ID, o.Verdict, o.Reason, o.Observed, o.Expected)
				}
			})
			if err != nil || witness.calls < 140 || len(e.mock.Journal()) != witness.calls || len(e.mock.Alive()) > 0 {
				t.Errorf("%v; %d calls of the SDK, %d in the journal, %d tasks are running",
					err, witness.calls, len(e.mock.Journal()), len(e.mock.Alive()))
			}
		})
	}
}
