package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	service, version = "trtc", "2019-07-22"

	actionStart    = "StartStreamIngest"
	actionDescribe = "DescribeStreamIngest"
	actionUpdate   = "UpdateStreamIngest"
	actionStop     = "StopStreamIngest"

	// pace is the pause before each call: half the documented rate of one action.
	pace = 100 * time.Millisecond
	// callTimeout bounds one call in real time.
	callTimeout = 30 * time.Second
)

// The values that are recorded besides error codes, HTTP statuses and buckets.
const (
	success        = "ok"
	inProgress     = "InProgress"
	notExist       = "NotExist"
	unlistedCode   = "another code"
	unlistedStatus = "another status"
	noEnvelope     = "no envelope"
)

// response is the response to one call.
type response struct {
	// code is the error code; empty after success.
	code string

	// Status is empty if the action returns none.
	Status string `json:"Status"`
	TaskID string `json:"TaskId"`
}

// value returns what is recorded of the response: an error code, a task status, or
// that the call succeeded.
func (a response) value() string {
	switch {
	case a.code != "" && !listedCode.MatchString(a.code) && !wordForm.MatchString(a.code):
		return unlistedCode
	case a.code != "":
		return a.code
	case a.Status == "":
		return success
	case a.Status != inProgress && a.Status != notExist:
		return unlistedStatus
	default:
		return a.Status
	}
}

// listedCode is the form of the codes that are recorded: a known family and
// words. Anything else could be an identifier.
var listedCode = regexp.MustCompile(`^(AuthFailure|DryRunOperation|FailedOperation|InternalError|InvalidAction|` +
	`InvalidParameter|InvalidParameterCombination|InvalidParameterValue|InvalidRequest|IpInBlacklist|IpNotInWhitelist|` +
	`LimitExceeded|MissingParameter|NoSuchProduct|NoSuchVersion|OperationDenied|RequestLimitExceeded|RequestSizeLimitExceeded|` +
	`ResourceInUse|ResourceInsufficient|ResourceNotFound|ResourceUnavailable|ResponseSizeLimitExceeded|ServiceUnavailable|` +
	`UnauthorizedOperation|UnknownParameter|UnsupportedOperation|UnsupportedProtocol|UnsupportedRegion)(\.[A-Z][A-Za-z]{1,47}){0,2}$`)

// isOf reports whether code is one of the families, or begins with one and a dot.
func isOf(code string, families ...string) bool {
	family, _, _ := strings.Cut(code, ".")
	return slices.Contains(families, family)
}

// isServerFault reports whether the call may have run although the service
// returned the code.
func isServerFault(code string) bool {
	return isOf(code, "InternalError", "ServiceUnavailable", "ResourceUnavailable")
}

// isTransient reports whether a code says nothing about the fact in question.
func isTransient(code string) bool {
	return isServerFault(code) || isOf(code, "RequestLimitExceeded", "ResourceInsufficient") || code == "FailedOperation.QueryTaskInfoFailed"
}

// send signs and sends one call, once, after the pause between calls. It returns an
// error only without a response: an error code is a response.
func (r *Run) send(ctx context.Context, action, region string, p parameters) (response, error) {
	credential, err := r.config.Credentials.Retrieve(ctx)
	if err != nil {
		return response{}, err
	}
	return r.call(ctx, r.client, credential, r.request(action, region, p))
}

func (r *Run) request(action, region string, p parameters) cloudapi.Request {
	return cloudapi.Request{
		Endpoint: r.config.Endpoint, Service: service, Version: version, Action: action, Region: region, Parameters: p,
		Secrets: []secret.Text{r.config.StreamURL}, FreshConnection: action == actionStart,
	}
}

func (r *Run) call(ctx context.Context, client *cloudapi.Client, credential cloudapi.Credential, request cloudapi.Request) (response, error) {
	if err := r.config.Clock.Sleep(ctx, pace); err != nil {
		return response{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	var got response
	_, err := client.Call(ctx, credential, request, &got)
	if rejected, ok := errors.AsType[*cloudapi.APIError](err); ok {
		return response{code: rejected.Code}, nil
	}
	return got, err
}

// rawCall is a Describe of a task that does not exist, and what a probe changes of
// it: unsigned, wrongly signed or malformed.
type rawCall struct {
	request    cloudapi.Request
	credential cloudapi.Credential
	shift      time.Duration // of the timestamp
	// edits change the signed message.
	edits []func(*http.Request)
}

// edited returns a change of the signed message.
func edited(edit func(*http.Request)) func(*rawCall) {
	return func(x *rawCall) { x.edits = append(x.edits, edit) }
}

// unsigned removes everything that identifies the caller.
func unsigned(x *rawCall) {
	edited(func(message *http.Request) {
		message.Header.Del("Authorization")
		message.Header.Del("X-TC-Token")
	})(x)
}

// unknownKey signs with a key that does not exist.
func unknownKey(x *rawCall) {
	x.credential = cloudapi.Credential{SecretID: secret.New("AKIDtfliveunknownkey0000000000000000"), SecretKey: secret.New("bogus")}
}

// sendRaw sends a rawCall. Every HTTP status but 200 and every body that is not an
// envelope is a response.
func (r *Run) sendRaw(ctx context.Context, changes ...func(*rawCall)) (response, error) {
	credential, err := r.config.Credentials.Retrieve(ctx)
	if err != nil {
		return response{}, err
	}
	x := rawCall{request: r.request(actionDescribe, r.config.Region, nonexistent()), credential: credential}
	for _, change := range changes {
		change(&x)
	}
	got, err := r.call(ctx, cloudapi.NewClient(cloudapi.Config{
		Transport: editing{r.config.Transport, x.edits}, Clock: shifted{r.config.Clock, r.client.ClockSkew() + x.shift},
	}), x.credential, x.request)
	if failed, ok := errors.AsType[*cloudapi.ExchangeError](err); ok && failed.Status == http.StatusOK && failed.Reason == cloudapi.Unreadable {
		return response{code: noEnvelope}, nil
	} else if ok && failed.Status != 0 && failed.Status != http.StatusOK {
		return response{code: fmt.Sprintf("HTTP %d", failed.Status)}, nil
	}
	return got, err
}

// editing changes each message before it sends it.
type editing struct {
	http.RoundTripper

	edits []func(*http.Request)
}

// RoundTrip sends a changed copy of the message.
func (e editing) RoundTrip(message *http.Request) (*http.Response, error) {
	message = message.Clone(message.Context())
	for _, edit := range e.edits {
		edit(message)
	}
	return e.RoundTripper.RoundTrip(message)
}

// shifted is a clock that is wrong.
type shifted struct {
	clock.Clock

	by time.Duration
}

// Now returns the shifted time.
func (s shifted) Now() time.Time { return s.Clock.Now().Add(s.by) }
