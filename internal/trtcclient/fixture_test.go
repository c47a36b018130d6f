package trtcclient_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

const (
	region   = "ap-singapore"
	sdkAppID = 1400000001

	canaryID      = "AKIDcanary0000000000"
	canaryKey     = "canary-secret-key"
	canaryToken   = "canary-security-token"
	canaryUserSig = "canary-user-sig"
	canaryMapKey  = "canary-private-map-key"
	canaryURL     = "https://user:canary-password@example.com/live.flv?sign=canary-query"
)

// fakeStart is what fake clocks show first.
var fakeStart = time.Date(2031, 7, 4, 12, 0, 0, 0, time.UTC)

var international = cloudapi.Endpoint{Scheme: "https", Host: "trtc.intl.tencentcloudapi.com"}

// keys is a credential source that always has the same key.
type keys struct{ cloudapi.Credential }

func (k keys) Retrieve(context.Context) (cloudapi.Credential, error) { return k.Credential, nil }

func canaryKeys() keys {
	return keys{cloudapi.Credential{SecretID: canaryID, SecretKey: secret.New(canaryKey), Token: secret.New(canaryToken)}}
}

func startInput() trtcclient.StartInput {
	return trtcclient.StartInput{
		SdkAppID: sdkAppID, RoomID: "1001", RoomIDType: 1, UserID: "robot-1",
		UserSig: secret.New(canaryUserSig), PrivateMapKey: secret.New(canaryMapKey), StreamURL: secret.New(canaryURL),
	}
}

func updateInput() trtcclient.UpdateInput {
	return trtcclient.UpdateInput{StreamURL: secret.New(canaryURL)}
}

func task() trtcclient.Task {
	return trtcclient.Task{Region: region, SdkAppID: sdkAppID, TaskID: "task-1"}
}

const (
	startAction    = "StartStreamIngest"
	describeAction = "DescribeStreamIngest"
	updateAction   = "UpdateStreamIngest"
	stopAction     = "StopStreamIngest"
)

// actions are the four calls.
var actions = map[string]func(context.Context, *trtcclient.Client) error{
	startAction: func(ctx context.Context, client *trtcclient.Client) error {
		taskID, err := client.Start(ctx, region, startInput())
		return expectAnswer(taskID, "task-1", err)
	},
	describeAction: func(ctx context.Context, client *trtcclient.Client) error {
		status, err := client.Describe(ctx, task())
		return expectAnswer(string(status), "InProgress", err)
	},
	updateAction: func(ctx context.Context, client *trtcclient.Client) error {
		status, err := client.Update(ctx, task(), updateInput())
		return expectAnswer(string(status), "InProgress", err)
	},
	stopAction: func(ctx context.Context, client *trtcclient.Client) error {
		return client.Stop(ctx, task())
	},
}

var errWrongAnswer = errors.New("the call succeeded with a wrong answer")

func expectAnswer(got, want string, err error) error {
	if err == nil && got != want {
		return errWrongAnswer
	}
	return err
}

// goodAnswer answers each of the four actions.
const goodAnswer = `{"Response":{"TaskId":"task-1","Status":"InProgress","RequestId":"6c924bfe-0000-0000-0000-000000000001"}}`

// refusal is an answer with an error code.
func refusal(code string) string {
	return `{"Response":{"Error":{"Code":"` + code + `","Message":"No."},"RequestId":"6c924bfe-0000-0000-0000-000000000002"}}`
}

// ambiguous is the AmbiguousStartError that err must be.
func ambiguous(t testing.TB, err error) *trtcclient.AmbiguousStartError {
	t.Helper()
	var start *trtcclient.AmbiguousStartError
	if !errors.As(err, &start) {
		t.Fatalf("error = %T %v, want an AmbiguousStartError", err, err)
	}
	return start
}

// notAmbiguous demands that a start's error says nothing of a running task.
func notAmbiguous(t testing.TB, err error) {
	t.Helper()
	var start *trtcclient.AmbiguousStartError
	if errors.As(err, &start) {
		t.Errorf("error = %v, want one that is not ambiguous", err)
	}
}
