package cloudapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"sync"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
)

// Request is one call.
type Request struct {
	// Endpoint is the host to send to.
	Endpoint Endpoint
	// Service is the name in the signature's scope, such as "trtc" or "sts".
	Service string
	// Version is the API version, such as "2019-07-22".
	Version string
	// Action is the API action.
	Action string
	// Region is sent as X-TC-Region.
	Region string
	// Parameters is encoded as the JSON body.
	Parameters any
	// Unsigned leaves the signature out, for the few actions that take none.
	Unsigned bool
}

// Config is what a Caller needs.
type Config struct {
	// Transport carries the requests; nil means NewTransport().
	Transport http.RoundTripper
	// Clock stamps the signatures; nil means the system's.
	Clock clock.Clock
	// UserAgent names the program in X-TC-RequestClient; characters outside
	// the set that the API allows are replaced, and it is cut at 128.
	UserAgent string
}

// Caller sends calls. It is safe for concurrent use.
type Caller struct {
	transport http.RoundTripper
	clock     clock.Clock
	userAgent string

	mu      sync.Mutex
	signing Credential
	signers map[string]*common.Client
}

// NewCaller returns a Caller.
func NewCaller(config Config) *Caller {
	caller := &Caller{transport: config.Transport, clock: config.Clock, userAgent: requestClient(config.UserAgent), signers: map[string]*common.Client{}}
	if caller.transport == nil {
		caller.transport = NewTransport()
	}
	if caller.clock == nil {
		caller.clock = clock.System()
	}
	return caller
}

// Call signs request with credential, sends it once, decodes the answer into
// out and returns the answer's RequestId, if it had one. An error is an
// *APIError or an *ExchangeError; OutcomeOf tells what it means for the
// service.
func (c *Caller) Call(ctx context.Context, credential Credential, request Request, out any) (string, error) {
	record := &exchange{}
	body, err := json.Marshal(request.Parameters)
	if err != nil {
		// An encoder's error can quote the value it failed on.
		return "", record.failure(request, NotEncodable, "")
	}
	message := &signable{BaseRequest: &tchttp.BaseRequest{}, body: body}
	message.Init().WithApiInfo(request.Service, request.Version, request.Action)
	message.SetScheme(request.Endpoint.Scheme)
	message.SetDomain(request.Endpoint.Host)
	message.SetHttpMethod(http.MethodPost)
	message.SetSkipSign(request.Unsigned)
	message.SetHeader(map[string]string{
		"X-TC-Timestamp":     strconv.FormatInt(c.clock.Now().Unix(), 10),
		"X-TC-RequestClient": c.userAgent,
	})
	message.SetContext(withExchange(ctx, record))

	err = c.signer(credential, request.Region).Send(message, &ignored{})
	switch {
	case record.err != nil:
		return "", record.failure(request, record.reason, "")
	case err != nil && ctx.Err() != nil:
		record.err = context.Cause(ctx)
		return "", record.failure(request, transportReason(ctx, record), "")
	case err != nil:
		return "", record.failure(request, NotEncodable, "")
	}
	return record.decode(request, out)
}

// signer returns the SDK client that signs with credential for region. The
// clients of an earlier credential are dropped when a new one appears.
func (c *Caller) signer(credential Credential, region string) *common.Client {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.signing != credential {
		c.signing, c.signers = credential, map[string]*common.Client{}
	}
	if client, ok := c.signers[region]; ok {
		return client
	}
	settings := profile.NewClientProfile()
	settings.Language = "en-US"
	settings.DisableRegionBreaker = true
	// Deadlines come with the context of each call.
	settings.HttpProfile.ReqTimeout = 0
	client := common.NewCommonClient(credential, region, settings).WithHttpTransport(guard{next: c.transport})
	c.signers[region] = client
	return client
}

// signable is a request as the SDK core takes it, with a finished body.
type signable struct {
	*tchttp.BaseRequest

	body []byte
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
