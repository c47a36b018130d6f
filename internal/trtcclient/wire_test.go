package trtcclient_test

import (
	"net/http"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// TestWireForm fixes what is sent, byte for byte.
func TestWireForm(t *testing.T) {
	t.Parallel()
	least := trtcclient.StartInput{SdkAppID: 4294967295, RoomID: "7", RoomIDType: 1, UserID: "u", UserSig: secret.New("sig")}
	most := least
	most.RoomID, most.RoomIDType = `room <1> & "2"`, 0
	most.StreamURL, most.PrivateMapKey = secret.New("https://a.example/b?c=1&d=2"), secret.New("key")
	most.SeekSecond, most.AutoPush, most.RepeatNum = new(int64(5)), new(true), new(int64(-1))
	most.MaxDuration, most.Volume = new(int64(10080)), new(int64(50))
	zero := least
	zero.SeekSecond, zero.AutoPush, zero.Volume = new(int64(0)), new(false), new(int64(0))

	start := func(in trtcclient.StartInput) func(*testing.T, *trtcclient.Client) error {
		return func(t *testing.T, client *trtcclient.Client) error {
			t.Helper()
			_, err := client.Start(t.Context(), region, in)
			return err
		}
	}
	update := func(in trtcclient.UpdateInput) func(*testing.T, *trtcclient.Client) error {
		task := trtcclient.Task{Region: region, SdkAppID: 1, TaskID: "id+/.-_"}
		return func(t *testing.T, client *trtcclient.Client) error {
			t.Helper()
			_, err := client.Update(t.Context(), task, in)
			return err
		}
	}
	cases := map[string]struct {
		run          func(*testing.T, *trtcclient.Client) error
		action, body string
	}{
		"start with what it needs": {
			run: start(least), action: startAction,
			body: `{"SdkAppId":4294967295,"RoomId":"7","RoomIdType":1,"UserId":"u","UserSig":"sig"}`,
		},
		"start with everything": {
			run: start(most), action: startAction,
			body: `{"SdkAppId":4294967295,"RoomId":"room \u003c1\u003e \u0026 \"2\"","RoomIdType":0,"UserId":"u","UserSig":"sig",` +
				`"StreamUrl":"https://a.example/b?c=1\u0026d=2","PrivateMapKey":"key","SeekSecond":5,"AutoPush":true,"RepeatNum":-1,"MaxDuration":10080,"Volume":50}`,
		},
		"start with zeros": {
			run: start(zero), action: startAction,
			body: `{"SdkAppId":4294967295,"RoomId":"7","RoomIdType":1,"UserId":"u","UserSig":"sig","SeekSecond":0,"AutoPush":false,"Volume":0}`,
		},
		"update of nothing": {run: update(trtcclient.UpdateInput{}), action: updateAction, body: `{"SdkAppId":1,"TaskId":"id+/.-_"}`},
		"update with zeros": {
			run: update(trtcclient.UpdateInput{Volume: new(int64(0)), IsPause: new(false)}), action: updateAction,
			body: `{"SdkAppId":1,"TaskId":"id+/.-_","Volume":0,"IsPause":false}`,
		},
		"update of everything": {
			run:    update(trtcclient.UpdateInput{StreamURL: secret.New("rtmp://a/b"), Volume: new(int64(100)), IsPause: new(true)}),
			action: updateAction, body: `{"SdkAppId":1,"TaskId":"id+/.-_","StreamUrl":"rtmp://a/b","Volume":100,"IsPause":true}`,
		},
		"describe": {
			run: func(t *testing.T, client *trtcclient.Client) error {
				t.Helper()
				_, err := client.Describe(t.Context(), task())
				return err
			}, action: describeAction, body: `{"SdkAppId":1400000001,"TaskId":"task-1"}`,
		},
		"stop": {
			run: func(t *testing.T, client *trtcclient.Client) error {
				t.Helper()
				return client.Stop(t.Context(), task())
			}, action: stopAction, body: `{"SdkAppId":1400000001,"TaskId":"task-1"}`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := newService(t, success())
			if err := c.run(t, service.client()); err != nil {
				t.Fatal(err)
			}
			requests := service.requests()
			if len(requests) != 1 || requests[0].action != c.action || requests[0].region != region || requests[0].body != c.body {
				t.Errorf("sent %+v, want one %s in %s with\n%s", requests, c.action, region, c.body)
			}
		})
	}
}

func TestAnswersAreReturned(t *testing.T) {
	t.Parallel()
	client := newService(t, body(http.StatusOK, `{"Response":{"Status":"NotExist","RequestId":"r"}}`)).client()
	if status, err := client.Describe(t.Context(), task()); status != trtcclient.NotExist || err != nil {
		t.Errorf("Describe = %q, %v, want NotExist", status, err)
	}
	if status, err := client.Update(t.Context(), task(), updateInput()); status != trtcclient.NotExist || err != nil {
		t.Errorf("Update = %q, %v, want NotExist", status, err)
	}
	if got := client.Endpoint(); got != international {
		t.Errorf("Endpoint = %v, want %v", got, international)
	}
}
