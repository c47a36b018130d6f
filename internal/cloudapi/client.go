package cloudapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	// maxRequestClient is the longest X-TC-RequestClient that the API takes.
	maxRequestClient = 128
	// leastSkew is the least difference between the two clocks that is
	// corrected. The service accepts 5 minutes.
	leastSkew = time.Minute

	codeSignatureExpire = "AuthFailure.SignatureExpire"
)

// Config configures a Client.
type Config struct {
	Transport http.RoundTripper // carries the requests; nil means NewTransport()
	Clock     clock.Clock       // stamps the signatures; nil means the system's
	// UserAgent names the program in X-TC-RequestClient; characters outside
	// the set that the API allows are replaced, and it is cut at 128. Empty
	// means the provider's name.
	UserAgent string
}

// Credential is a Tencent Cloud API key.
type Credential struct {
	SecretID  secret.Text // names the key; it is treated as confidential
	SecretKey secret.Text
	Token     secret.Text // the security token of a temporary key, else empty
	Source    string      // where the key comes from, for error texts
}

// Request is one call. It prints without its parameters, which may be secret.
type Request struct {
	Endpoint   Endpoint // required
	Service    string   // the name in the signature's scope, such as "trtc" or "sts"
	Version    string   // of the API, such as "2019-07-22"
	Action     string
	Region     string // sent as X-TC-Region, unless it is empty
	Parameters any    `json:"-"` // encoded as the JSON body
	Unsigned   bool   // for the few actions that take no signature
	// Secrets are texts in Parameters that no error may quote, even when the
	// service's message does.
	Secrets []secret.Text
	// FreshConnection sends the request over HTTP/1.1 on a connection made for
	// it alone; for actions that must not run twice.
	FreshConnection bool
	// BeforeWrite is called when a connection is ready, right before the request
	// is written to it. Its error ends the call, and nothing is written. Nil
	// means no call.
	BeforeWrite func() error
}

// Format writes action, region and endpoint, whatever the verb.
func (r Request) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "%s in region %q at %s", r.Action, r.Region, r.Endpoint)
}

// Output is implemented by outputs that can detect an incomplete response.
type Output interface {
	// IsComplete reports whether each field that the action documents is present
	// and has a form that the service uses.
	IsComplete() bool
}

// Client sends calls. It is safe for concurrent use.
type Client struct {
	pooled    http.RoundTripper
	fresh     func() http.RoundTripper
	clock     clock.Clock
	userAgent string
	// skew is added to the local clock's time, in nanoseconds.
	skew atomic.Int64
}

// NewClient returns a Client. It sends nothing.
func NewClient(config Config) *Client {
	client := &Client{
		pooled:    config.Transport,
		clock:     cmp.Or(config.Clock, clock.System()),
		userAgent: requestClient(config.UserAgent),
	}
	if client.pooled == nil {
		client.pooled = NewTransport()
	}
	client.fresh = sync.OnceValue(func() http.RoundTripper { return withoutReuse(client.pooled) })
	return client
}

// Call signs request with credential, sends it once, decodes the response into
// out and returns its RequestId, if it had one. An error is an
// *APIError or an *ExchangeError.
func (c *Client) Call(ctx context.Context, credential Credential, request Request, out any) (string, error) {
	body, err := json.Marshal(request.Parameters)
	record := exchange{beforeWrite: request.BeforeWrite, sent: body}
	if err != nil || request.Endpoint.Host == "" {
		// An encoder's error can quote the value it failed on.
		return "", record.failure(request, NotEncodable, nil)
	}
	transport := c.pooled
	if request.FreshConnection {
		transport = c.fresh()
	}
	stamp := c.clock.Now().Add(time.Duration(c.skew.Load()))
	if reason, err := record.send(ctx, transport, newMessage(request, body, credential, stamp, c.userAgent)); reason != "" {
		return "", record.failure(request, reason, err)
	}
	requestID, err := record.decode(request, credential, out)
	if refused, ok := errors.AsType[*APIError](err); ok && refused.Code == codeSignatureExpire {
		refused.ClockCorrected = c.correctClock(stamp, record.date)
	}
	return requestID, err
}

// correctClock makes later calls use the service's time, and reports whether
// that changes anything: the stamp was wrong, and the service's time is known.
// It keeps a skew that a concurrent call has corrected already.
func (c *Client) correctClock(stamp, service time.Time) bool {
	if service.IsZero() || service.Sub(stamp).Abs() < leastSkew {
		return false
	}
	skew, old := service.Sub(c.clock.Now()), c.skew.Load()
	if (skew - time.Duration(old)).Abs() >= leastSkew {
		c.skew.CompareAndSwap(old, int64(skew))
	}
	return true
}

// ClockSkew returns by how much the service's clock is ahead of the local one,
// to the second, or 0 while no signature was refused for its time.
func (c *Client) ClockSkew() time.Duration {
	return time.Duration(c.skew.Load()).Round(time.Second)
}

var foreignToClient = regexp.MustCompile(`[^0-9A-Za-z_ ,;.-]`)

// requestClient fits a user agent to the set that X-TC-RequestClient allows.
func requestClient(userAgent string) string {
	fitted := foreignToClient.ReplaceAllLiteralString(cmp.Or(userAgent, "terraform-provider-trtc"), "_")
	return fitted[:min(len(fitted), maxRequestClient)]
}

// responseHead is the part of the response that all actions share.
type responseHead struct {
	Error *struct {
		Code    string `json:"Code"`
		Message string `json:"Message"`
	} `json:"Error"`
	RequestID string `json:"RequestId"`
}

// decode reads the exchange's body into out and returns its RequestId. The
// error is an *APIError when the service responded with a code, else an
// *ExchangeError.
func (e *exchange) decode(request Request, credential Credential, out any) (string, error) {
	var envelope struct{ Response *responseHead }
	valid := json.Unmarshal(e.body, &envelope) == nil && envelope.Response != nil
	head := cmp.Or(envelope.Response, &responseHead{})
	complete := valid && head.Error == nil && e.status == http.StatusOK && readable(e.body, out)
	once := e.requests.Load() <= 1
	if complete && once && isRequestID(head.RequestID) {
		return head.RequestID, nil
	}
	known := []string{string(e.sent)}
	if isRequestID(head.RequestID) {
		known = append(known, head.RequestID)
	}
	secrets := newRedactor(append([]secret.Text{credential.SecretID, credential.SecretKey, credential.Token}, request.Secrets...), known...)
	requestID := Sanitize(secrets.redact(head.RequestID), maxRequestID)
	switch {
	case !once:
		return requestID, e.failure(request, SentTwice, nil)
	case valid && head.Error != nil && isCode(head.Error.Code) && !secrets.quotes(head.Error.Code):
		message := Sanitize(secrets.redact(head.Error.Message), maxMessage)
		return requestID, &APIError{Action: request.Action, Code: head.Error.Code, Message: message, RequestID: requestID, KeySource: credential.Source}
	case e.status != http.StatusOK:
		return requestID, e.failure(request, BadStatus, nil)
	case !complete:
		return requestID, e.failure(request, Unreadable, nil)
	}
	return requestID, nil
}

// readable decodes the body's Response into out and reports whether it is
// complete. The decoder would replace invalid UTF-8, and a TaskId so changed
// names no task.
func readable(body []byte, out any) bool {
	envelope := struct{ Response any }{out}
	if !utf8.Valid(body) || json.Unmarshal(body, &envelope) != nil {
		return false
	}
	output, ok := out.(Output)
	return !ok || output.IsComplete()
}
