package trtcclient_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// reply is what becomes of one request.
type reply func(*http.Request) (*http.Response, error)

// service is the API as a transport in memory, for tests in a synctest bubble.
// It plays a script, whose last reply is repeated.
type service struct {
	t      testing.TB
	mu     sync.Mutex
	script []reply
	seen   []sent
}

// sent is one request as the service saw it.
type sent struct {
	at                                      time.Time
	action, region, timestamp, signed, body string
}

func newService(t testing.TB, script ...reply) *service {
	t.Helper()
	return &service{t: t, script: script}
}

// RoundTrip plays the next reply.
func (s *service) RoundTrip(request *http.Request) (*http.Response, error) {
	return s.next(request)(request)
}

func (s *service) next(request *http.Request) reply {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		s.t.Errorf("the body of a request cannot be read: %v", err)
	}
	header := request.Header
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, sent{
		at: time.Now(), action: header.Get("X-TC-Action"), region: header.Get("X-TC-Region"),
		timestamp: header.Get("X-TC-Timestamp"), signed: header.Get("Authorization"), body: string(body),
	})
	next := s.script[0]
	if len(s.script) > 1 {
		s.script = s.script[1:]
	}
	return next
}

func (s *service) requests() []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]sent(nil), s.seen...)
}

// gaps are the times between one request and the next.
func (s *service) gaps() []time.Duration {
	var gaps []time.Duration
	requests := s.requests()
	for i := 1; i < len(requests); i++ {
		gaps = append(gaps, requests[i].at.Sub(requests[i-1].at))
	}
	return gaps
}

// client returns a client of the service.
func (s *service) client(changes ...func(*trtcclient.Config)) *trtcclient.Client {
	config := trtcclient.Config{Endpoint: international, Credentials: canaryKeys(), Transport: s, UserAgent: "test"}
	for _, change := range changes {
		change(&config)
	}
	return trtcclient.New(config)
}

// write tells the trace of a request that it is about to be written.
func write(request *http.Request) {
	httptrace.ContextClientTrace(request.Context()).GotConn(httptrace.GotConnInfo{})
}

// body answers with a status and a body.
func body(status int, text string) reply {
	return func(request *http.Request) (*http.Response, error) {
		write(request)
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text)), Request: request}, nil
	}
}

func success() reply { return body(http.StatusOK, goodAnswer) }

func code(name string) reply { return body(http.StatusOK, refusal(name)) }

// unsent fails to connect.
func unsent(*http.Request) (*http.Response, error) {
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
}

// reset loses the connection after the request was written.
func reset(request *http.Request) (*http.Response, error) {
	write(request)
	return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
}

// hang never answers.
func hang(request *http.Request) (*http.Response, error) {
	write(request)
	<-request.Context().Done()
	return nil, context.Cause(request.Context())
}

// stall never connects.
func stall(request *http.Request) (*http.Response, error) {
	<-request.Context().Done()
	return nil, context.Cause(request.Context())
}

// slow answers after d, or not when the caller goes away before.
func slow(d time.Duration, then reply) reply {
	return func(request *http.Request) (*http.Response, error) {
		write(request)
		select {
		case <-time.After(d):
			return then(request)
		case <-request.Context().Done():
			return nil, context.Cause(request.Context())
		}
	}
}
