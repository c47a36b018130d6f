package cloudapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// Config is what a Caller needs.
type Config struct {
	// Transport carries the requests; nil means NewTransport().
	Transport http.RoundTripper
	// Clock stamps the signatures; nil means the system's.
	Clock clock.Clock
	// UserAgent names the program in X-TC-RequestClient; characters outside
	// the set that the API allows are replaced, and it is cut at 128. Empty
	// means the provider's name.
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
	if err != nil || request.Endpoint.Host == "" {
		// An encoder's error can quote the value it failed on. Without a host
		// the SDK core would choose one.
		return "", record.failure(request, NotEncodable, "")
	}
	err = c.signer(credential, request.Region).Send(newSignable(withExchange(ctx, record), c, request, body), &ignored{})
	switch {
	case record.failed:
		return "", record.failure(request, record.reason, "")
	case err != nil:
		return "", record.failure(request, NotEncodable, "")
	}
	return record.decode(request, credential, out)
}

// Format writes a fixed text, whatever the verb: a Caller holds a key.
func (*Caller) Format(state fmt.State, _ rune) {
	_, _ = state.Write([]byte("Caller" + secret.Redacted))
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
