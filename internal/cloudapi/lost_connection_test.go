package cloudapi_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// broken is a body that breaks off with an error.
type broken struct {
	io.Reader

	err error
}

func (b broken) Read(into []byte) (int, error) {
	if n, err := b.Reader.Read(into); err == nil {
		return n, nil
	}
	return 0, b.err
}

func TestConnectionLostOnTheWay(t *testing.T) {
	t.Parallel()
	unknown := &net.DNSError{Err: "no such host", IsNotFound: true}
	reset := &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	quoting := errors.New("malformed " + canaryBody)
	for name, c := range map[string]struct {
		connect bool  // the request is written
		answer  bool  // the head of an answer comes back
		err     error // what the transport or the body then says
		outcome cloudapi.Outcome
		reason  cloudapi.Reason
		want    error // what remains of err; nil is none of it
	}{
		"while dialling":          {err: reset, outcome: cloudapi.NotSent, reason: cloudapi.NoConnection, want: reset},
		"no such host":            {err: unknown, outcome: cloudapi.NotSent, reason: cloudapi.NoConnection, want: unknown},
		"reset before the head":   {connect: true, err: reset, outcome: cloudapi.Ambiguous, reason: cloudapi.ConnectionLost, want: reset},
		"closed before the head":  {connect: true, err: io.EOF, outcome: cloudapi.Ambiguous, reason: cloudapi.ConnectionLost, want: io.EOF},
		"not HTTP":                {connect: true, err: quoting, outcome: cloudapi.Ambiguous, reason: cloudapi.ConnectionLost},
		"reset after the head":    {answer: true, err: reset, outcome: cloudapi.Ambiguous, reason: cloudapi.Unreadable, want: reset},
		"closed after the head":   {answer: true, err: io.ErrUnexpectedEOF, outcome: cloudapi.Ambiguous, reason: cloudapi.Unreadable, want: io.ErrUnexpectedEOF},
		"not HTTP after the head": {answer: true, err: quoting, outcome: cloudapi.Ambiguous, reason: cloudapi.Unreadable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			caller := inMemory(roundTrip(func(r *http.Request) (*http.Response, error) {
				if c.connect {
					connected(r)
				}
				if !c.answer {
					return nil, c.err
				}
				body := broken{Reader: strings.NewReader(goodAnswer[:20]), err: c.err}
				return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(body), Request: r}, nil
			}))
			_, err := caller.Call(t.Context(), permanentKey(), start(), &taskAnswer{})
			failed := failure(t, err)
			if failed.Outcome != c.outcome || failed.Reason != c.reason {
				t.Errorf("error = %+v, want %v, %v", failed, c.outcome, c.reason)
			}
			if c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("error = %v, want it to hold %v", err, c.want)
			}
			if strings.Contains(err.Error(), canaryBody) {
				t.Errorf("the error quotes the answer: %v", err)
			}
		})
	}
}

func TestEncodingThatWasNotAskedFor(t *testing.T) {
	t.Parallel()
	for _, encoding := range []string{"deflate", "br", "canary"} {
		t.Run(encoding, func(t *testing.T) {
			t.Parallel()
			caller, request := onServer(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", encoding)
				_, _ = io.WriteString(w, goodAnswer)
			})
			_, err := caller.Call(t.Context(), permanentKey(), request, &taskAnswer{})
			if failed := failure(t, err); failed.Outcome != cloudapi.Ambiguous || failed.Reason != cloudapi.Unreadable {
				t.Errorf("error = %+v, want ambiguous, unreadable", failed)
			}
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("the error quotes the answer: %v", err)
			}
		})
	}
}
