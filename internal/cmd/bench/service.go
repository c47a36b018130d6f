package main

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

const (
	secretID  = "AKIDbench"
	secretKey = "bench-secret-key"

	unlimited = -1
)

// service is the API, played by the mock in this process.
type service struct {
	mock   *trtcmock.Server
	server *http.Server
	url    string
}

// serve starts a service that holds a rate per action, or unlimited.
func serve(ctx context.Context, requestsPerSecond int) (*service, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	mock := trtcmock.New(trtcmock.Options{
		Credentials:       map[string]string{secretID: secretKey},
		RequestsPerSecond: requestsPerSecond,
	})
	played := &service{
		mock:   mock,
		server: &http.Server{Handler: mock, ReadHeaderTimeout: time.Minute},
		url:    "http://" + listener.Addr().String(),
	}
	go func() { _ = played.server.Serve(listener) }()
	return played, nil
}

func (s *service) end() { _ = s.server.Close() }

// environment leads a provider to the service.
func (s *service) environment() []string {
	return []string{
		"TENCENTCLOUD_TRTC_ENDPOINT=" + s.url,
		"TENCENTCLOUD_SECRET_ID=" + secretID,
		"TENCENTCLOUD_SECRET_KEY=" + secretKey,
	}
}

// takeJournal returns the calls since it was last taken.
func (s *service) takeJournal() []trtcmock.Call {
	calls := s.mock.Journal()
	s.mock.ResetJournal()
	return calls
}
