package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

const callbackKey = "callback-key"

// mockKey is the API key of the mock.
type mockKey struct{}

func (mockKey) Retrieve(context.Context) (cloudapi.Credential, error) {
	return cloudapi.Credential{SecretID: "AKIDmock", SecretKey: secret.New("mock-secret-key")}, nil
}

// TestReceiver checks that the event of a task that ended starts the pipeline
// once, and that the event of its start does not.
func TestReceiver(t *testing.T) {
	t.Parallel()
	dispatched := make(chan string, 8)
	pipeline := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		dispatched <- r.Header.Get("Authorization") + " " + string(body)
	}))
	defer pipeline.Close()
	listener := httptest.NewServer(receiver(callbackKey, pipeline.URL, "token"))
	defer listener.Close()
	mock := trtcmock.New(trtcmock.Options{
		Credentials: map[string]string{"AKIDmock": "mock-secret-key"}, CallbackURL: listener.URL, CallbackKey: callbackKey,
	})
	defer mock.Close()
	service := httptest.NewServer(mock)
	defer service.Close()
	endpoint, err := cloudapi.ParseEndpoint(service.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := trtcclient.New(trtcclient.Config{Endpoint: endpoint, Credentials: mockKey{}})
	taskID, err := client.Start(t.Context(), "ap-singapore", trtcclient.StartInput{
		SdkAppID: 1400000001, RoomID: "1001", RoomIDType: 1, UserID: "radio", UserSig: secret.New("ticket"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Stop(t.Context(), trtcclient.Task{Region: "ap-singapore", SdkAppID: 1400000001, TaskID: taskID}); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-dispatched:
		if want := `Bearer token {"event_type":"trtc-ingest-ended"}`; got != want {
			t.Errorf("dispatched %s, want %s", got, want)
		}
	case <-time.After(time.Minute):
		t.Fatal("the pipeline was not started")
	}
	if len(dispatched) > 0 {
		t.Error("the pipeline was started twice")
	}
}

// TestReceiverRejects checks that an event without a valid signature starts
// nothing.
func TestReceiverRejects(t *testing.T) {
	t.Parallel()
	pipeline := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the pipeline was started") }))
	defer pipeline.Close()
	for _, sign := range []string{"", "AAAA", "not base64"} {
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"EventGroupId":7,"EventType":702}`))
		request.Header.Set("Sign", sign)
		response := httptest.NewRecorder()
		receiver(callbackKey, pipeline.URL, "token").ServeHTTP(response, request)
		if response.Code != http.StatusForbidden {
			t.Errorf("Sign %q: status %d, want 403", sign, response.Code)
		}
	}
}
