package cloudapi_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// closable is a body that notes that it was closed.
type closable struct {
	io.Reader

	closed bool
}

func (b *closable) Close() error {
	b.closed = true
	return nil
}

// TestEveryBodyIsClosed covers the answers that are not read to the end, too:
// an open body holds its connection.
func TestEveryBodyIsClosed(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.Response{
		"read":       {StatusCode: http.StatusOK},
		"redirect":   {StatusCode: http.StatusFound},
		"switched":   {StatusCode: http.StatusSwitchingProtocols},
		"encoded":    {StatusCode: http.StatusOK, Header: http.Header{"Content-Encoding": {"br"}}},
		"bad status": {StatusCode: http.StatusBadGateway},
	} {
		for size, text := range map[string]string{"small": goodAnswer, "large": strings.Repeat(" ", 2*cloudapi.MaxBodyBytes)} {
			t.Run(name+" "+size, func(t *testing.T) {
				t.Parallel()
				body := &closable{Reader: strings.NewReader(text)}
				caller := inMemory(roundTrip(func(request *http.Request) (*http.Response, error) {
					answer := answer
					answer.Body, answer.Request = body, request
					return &answer, nil
				}))
				_, _ = caller.Call(t.Context(), permanentKey(), start(), &taskAnswer{})
				if !body.closed {
					t.Error("the body was not closed")
				}
			})
		}
	}
}
