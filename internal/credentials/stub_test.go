package credentials_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// stub is STS without a network, so that it can be used where time is fake. It
// issues "ID-1", "ID-2" and so on.
type stub struct {
	calls atomic.Int64
	life  time.Duration
	// before runs before the answer; its error is the transport's.
	before func(ctx context.Context, call int64) error
	// code is answered instead of a key when it returns one.
	code func(call int64) string
}

func (s *stub) RoundTrip(request *http.Request) (*http.Response, error) {
	call := s.calls.Add(1)
	if s.before != nil {
		if err := s.before(request.Context(), call); err != nil {
			return nil, err
		}
	}
	body := fmt.Sprintf(`{"Response":{"Credentials":{"TmpSecretId":"ID-%d","TmpSecretKey":"k","Token":"t"},"ExpiredTime":%d}}`,
		call, time.Now().Add(s.life).Unix())
	if s.code != nil && s.code(call) != "" {
		body = fmt.Sprintf(`{"Response":{"Error":{"Code":%q,"Message":"m"},"RequestId":"r"}}`, s.code(call))
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: request}, nil
}

// source returns the source of a role whose keys the stub issues.
func (s *stub) source(t *testing.T) *credentials.Source {
	t.Helper()
	if s.life == 0 {
		s.life = 1000 * time.Second
	}
	resolved, err := credentials.Resolve(
		credentials.Arguments{
			SecretID: "ID-base", SecretKey: secret.New("k"),
			AssumeRole: &credentials.AssumeRole{RoleARN: "role"},
		},
		credentials.Environment{
			LookupEnv:   func(string) (string, bool) { return "", false },
			HomeDir:     func() (string, error) { return t.TempDir(), nil },
			Transport:   s,
			STSEndpoint: cloudapi.Endpoint{Scheme: "https", Host: "sts.example.com"},
		})
	if err != nil {
		t.Fatalf("Resolve: %v", err)
	}
	return resolved.Source
}

// outcome is what one caller got.
type outcome struct {
	id  string
	err error
}

// retrieve calls Retrieve beside the test.
func retrieve(ctx context.Context, source *credentials.Source) <-chan outcome {
	got := make(chan outcome, 1)
	go func() {
		credential, err := source.Retrieve(ctx)
		got <- outcome{id: credential.SecretID, err: err}
	}()
	return got
}

// untilDone is a stub's before that never answers.
func untilDone(ctx context.Context, _ int64) error {
	<-ctx.Done()
	return ctx.Err()
}
