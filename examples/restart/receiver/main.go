// Receiver starts a pipeline when an ingest task has ended or could not play
// its stream. It checks the signature of each event callback.
//
// Environment: CALLBACK_KEY is the callback key from the TRTC console.
// DISPATCH_URL and DISPATCH_TOKEN name the pipeline, for example
// https://api.github.com/repos/OWNER/REPO/dispatches and a token for it.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"
)

func receiver(key, dispatchURL, dispatchToken string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
		sign, _ := base64.StdEncoding.DecodeString(r.Header.Get("Sign"))
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(body)
		if err != nil || !hmac.Equal(sign, mac.Sum(nil)) {
			http.Error(w, "wrong signature", http.StatusForbidden)
			return
		}
		var event struct {
			EventGroupId, EventType int //nolint:revive,staticcheck // The service's spelling.
			EventInfo               struct{ Status int }
		}
		if err := json.Unmarshal(body, &event); err != nil {
			http.Error(w, "not an event", http.StatusBadRequest)
			return
		}
		ended := event.EventType == 702
		failed := event.EventType == 701 && event.EventInfo.Status == 1
		if event.EventGroupId != 7 || !ended && !failed {
			return
		}
		request, err := http.NewRequestWithContext(r.Context(), http.MethodPost, dispatchURL, strings.NewReader(`{"event_type":"trtc-ingest-ended"}`))
		if err != nil {
			http.Error(w, "invalid DISPATCH_URL", http.StatusInternalServerError)
			return
		}
		request.Header.Set("Authorization", "Bearer "+dispatchToken)
		response, err := http.DefaultClient.Do(request)
		if err != nil || response.StatusCode >= 300 {
			// The service sends the event again.
			http.Error(w, "the pipeline was not started", http.StatusBadGateway)
			return
		}
		_ = response.Body.Close()
	})
}

func main() {
	handler := receiver(os.Getenv("CALLBACK_KEY"), os.Getenv("DISPATCH_URL"), os.Getenv("DISPATCH_TOKEN"))
	server := http.Server{Addr: ":8080", Handler: handler, ReadTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}
