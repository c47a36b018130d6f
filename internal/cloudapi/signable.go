package cloudapi

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
)

// signable is a request as the SDK core takes it, with a finished body.
type signable struct {
	*tchttp.BaseRequest

	timestamp     string
	requestClient string
	body          []byte
}

func newSignable(ctx context.Context, caller *Caller, request Request, body []byte) *signable {
	message := &signable{
		BaseRequest:   &tchttp.BaseRequest{},
		timestamp:     strconv.FormatInt(caller.clock.Now().Unix(), 10),
		requestClient: caller.userAgent,
		body:          body,
	}
	message.Init().WithApiInfo(request.Service, request.Version, request.Action)
	message.SetScheme(request.Endpoint.Scheme)
	message.SetDomain(request.Endpoint.Host)
	message.SetHttpMethod(http.MethodPost)
	message.SetSkipSign(request.Unsigned)
	message.SetContext(ctx)
	return message
}

// GetParams returns what the SDK core turns into headers. It is set again each
// time: the core writes the system's time and its own name into the map.
func (s *signable) GetParams() map[string]string {
	params := s.BaseRequest.GetParams()
	params["Timestamp"], params["RequestClient"] = s.timestamp, s.requestClient
	return params
}

// MarshalJSON returns the body; the SDK core hashes and sends it.
func (s *signable) MarshalJSON() ([]byte, error) { return s.body, nil }

// ignored stands in for a response: the guard has read the real one.
type ignored struct{}

var errNoParsing = errors.New("answers are not parsed by the SDK core")

func (*ignored) ParseErrorFromHTTPResponse([]byte) error { return nil }

// UnmarshalJSON accepts only what the guard hands out.
func (*ignored) UnmarshalJSON(data []byte) error {
	if string(data) != "{}" {
		return errNoParsing
	}
	return nil
}
