package conformance

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

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
	// uploadBytes is one byte more than the largest body of a signed request.
	uploadBytes = 10<<20 + 1
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

// send signs and sends one call, once. It returns an error only without a response: an
// error code is a response.
func (r *Run) send(ctx context.Context, action, region string, p parameters) (response, error) {
	credential, err := r.config.Credentials.Retrieve(ctx)
	if err != nil {
		return response{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	var got response
	_, err = r.client.Call(ctx, credential, cloudapi.Request{
		Endpoint: r.config.Endpoint, Service: service, Version: version, Action: action, Region: region, Parameters: p,
		Secrets: []secret.Text{r.config.StreamURL}, FreshConnection: action == actionStart,
	}, &got)
	var rejected *cloudapi.APIError
	if errors.As(err, &rejected) {
		return response{code: rejected.Code}, nil
	}
	return got, err
}

// exchange is one HTTP request that the signing core would not send: unsigned,
// wrongly signed or malformed. An empty header is not sent.
type exchange struct {
	method, path               string
	action, version, region    string
	contentType, requestClient string
	body                       []byte
	secretID, secretKey, token string
	service, date              string        // of the signature; the date is that of the timestamp if empty
	shift                      time.Duration // of the timestamp
	isUnsigned                 bool
	authorization              string // of an unsigned request
}

// unsigned removes everything that identifies the caller.
func unsigned(x *exchange) { x.isUnsigned, x.token = true, "" }

// unknownKey signs with a key that does not exist.
func unknownKey(x *exchange) {
	x.secretID, x.secretKey, x.token = "AKIDtfliveunknownkey0000000000000000", "bogus", ""
}

// exchange sends a well-formed, correctly signed Describe of a task that does not
// exist, after the changes. It does not retry or follow redirects.
func (r *Run) exchange(ctx context.Context, changes ...func(*exchange)) (response, error) {
	credential, err := r.config.Credentials.Retrieve(ctx)
	if err != nil {
		return response{}, err
	}
	x := exchange{
		method: http.MethodPost, path: "/", action: actionDescribe, version: version, region: r.config.Region,
		contentType: "application/json", body: fmt.Appendf(nil, `{"SdkAppId":%d,"TaskId":%q}`, foreignApp, nonexistentTask),
		secretID: credential.SecretID.Reveal(), secretKey: credential.SecretKey.Reveal(), token: credential.Token.Reveal(), service: service,
	}
	for _, change := range changes {
		change(&x)
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	message, err := http.NewRequestWithContext(ctx, x.method, r.config.Endpoint.String()+x.path, bytes.NewReader(x.body))
	if err != nil {
		return response{}, errors.New("the request could not be built")
	}
	at := r.now().Add(x.shift)
	if !x.isUnsigned {
		x.authorization = x.sign(r.config.Endpoint.Host, at)
	}
	for name, value := range map[string]string{
		"Content-Type": x.contentType, "Authorization": x.authorization, "X-TC-Action": x.action,
		"X-TC-Version": x.version, "X-TC-Region": x.region, "X-TC-Timestamp": strconv.FormatInt(at.Unix(), 10),
		"X-TC-Token": x.token, "X-TC-RequestClient": x.requestClient, "X-TC-Language": "en-US",
	} {
		if value != "" {
			message.Header.Set(name, value)
		}
	}
	received, err := r.config.Transport.RoundTrip(message)
	if err != nil {
		return response{}, errors.New("the raw request received no response")
	}
	defer func() { _ = received.Body.Close() }()
	return readResponse(received), nil
}

// readResponse reads a code from an envelope. Every HTTP status but 200 is a value of
// its own.
func readResponse(received *http.Response) response {
	if received.StatusCode != http.StatusOK {
		return response{code: fmt.Sprintf("HTTP %d", received.StatusCode)}
	}
	var envelope struct {
		Response *struct {
			response

			Error struct{ Code string }
		}
	}
	body, err := io.ReadAll(io.LimitReader(received.Body, cloudapi.MaxBodyBytes))
	if err != nil || json.Unmarshal(body, &envelope) != nil || envelope.Response == nil {
		return response{code: noEnvelope}
	}
	read := envelope.Response.response
	read.code = envelope.Response.Error.Code
	return read
}

// sign returns the Authorization header (TC3-HMAC-SHA256).
func (x exchange) sign(host string, at time.Time) string {
	date := x.date
	if date == "" {
		date = at.UTC().Format(time.DateOnly)
	}
	scope := date + "/" + x.service + "/tc3_request"
	canonical := strings.Join([]string{
		x.method, "/", "", "content-type:" + x.contentType, "host:" + host, "", "content-type;host", digest(x.body),
	}, "\n")
	toSign := strings.Join([]string{"TC3-HMAC-SHA256", strconv.FormatInt(at.Unix(), 10), scope, digest([]byte(canonical))}, "\n")
	key := []byte("TC3" + x.secretKey)
	for _, text := range []string{date, x.service, "tc3_request", toSign} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(text))
		key = mac.Sum(nil)
	}
	return fmt.Sprintf("TC3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=content-type;host, Signature=%x", x.secretID, scope, key)
}

func digest(data []byte) string {
	return fmt.Sprintf("%x", sha256.Sum256(data))
}
