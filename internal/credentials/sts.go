package credentials

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	// defaultSTSRegion is the region of STS if no region is set. A key is valid in
	// every region, and both sites have this region.
	defaultSTSRegion = "ap-singapore"

	// attemptTimeout is the timeout of one attempt.
	attemptTimeout = 10 * time.Second
	// firstRetryDelay and lastRetryDelay are the waits before the first and the
	// last retry; each is twice the one before it.
	firstRetryDelay = 500 * time.Millisecond
	lastRetryDelay  = 2 * time.Second
)

// issuedKey is a key in a response of STS or of the metadata service. The
// expiry, in UNIX seconds, is a separate field of the response.
type issuedKey struct {
	TmpSecretID  secret.Text `json:"TmpSecretId"`
	TmpSecretKey secret.Text `json:"TmpSecretKey"`
	Token        secret.Text `json:"Token"`
}

func (k issuedKey) validate(expires int64) error {
	if k.TmpSecretID.IsEmpty() || k.TmpSecretKey.IsEmpty() || k.Token.IsEmpty() || expires <= 0 {
		return errors.New("the response lacks a field")
	}
	return checkText(k.TmpSecretID.Reveal(), k.TmpSecretKey.Reveal(), k.Token.Reveal())
}

// temporary returns the key, to be renewed at 80 % of its lifetime.
func (k issuedKey) temporary(issued time.Time, expires int64) temporary {
	end := time.Unix(expires, 0)
	return temporary{
		Credential: cloudapi.Credential{SecretID: k.TmpSecretID, SecretKey: k.TmpSecretKey, Token: k.Token},
		renewAt:    issued.Add(end.Sub(issued) / 5 * 4),
		expires:    end,
	}
}

// stsResponse is the output of AssumeRole and AssumeRoleWithWebIdentity.
type stsResponse struct {
	Credentials issuedKey `json:"Credentials"`
	ExpiredTime int64     `json:"ExpiredTime"`
}

// IsComplete requires a key that can be used.
func (a *stsResponse) IsComplete() bool { return a.Credentials.validate(a.ExpiredTime) == nil }

// callSTS sends request, decodes the response into out, and returns the time at
// which the request was sent. A retry is safe: a key whose response was lost expires unused.
func (r *resolver) callSTS(ctx context.Context, credential cloudapi.Credential, request cloudapi.Request, out any) (time.Time, error) {
	request.Endpoint, request.Service, request.Version = r.environment.STSEndpoint, "sts", "2018-08-13"
	return retry(ctx, r.environment.Clock, func(ctx context.Context) (time.Time, error) {
		requestedAt := r.environment.now()
		_, err := r.environment.API.Call(ctx, credential, request, out)
		return requestedAt, err
	})
}

// issueKey sends request and returns the key that STS issues for at most that
// many seconds.
func (r *resolver) issueKey(ctx context.Context, credential cloudapi.Credential, request cloudapi.Request, seconds int64) (temporary, error) {
	var response stsResponse
	requestedAt, err := r.callSTS(ctx, credential, request, &response)
	if err != nil {
		return temporary{}, err
	}
	// If the local clock is slow, ExpiredTime is further away than it is for STS.
	return response.Credentials.temporary(requestedAt, min(response.ExpiredTime, requestedAt.Unix()+seconds)), nil
}

// retry calls call until it succeeds, fails permanently or was retried three
// times, or until ctx ends.
func retry[T any](ctx context.Context, timer clock.Clock, call func(context.Context) (T, error)) (T, error) {
	for delay := firstRetryDelay; ; delay *= 2 {
		bounded, cancel := timer.WithTimeout(ctx, attemptTimeout)
		result, err := call(bounded)
		cancel()
		if err == nil || delay > lastRetryDelay || !isTransient(err) || timer.Sleep(ctx, delay) != nil {
			return result, err
		}
	}
}

// isTransient reports whether a retry of the call may succeed.
func isTransient(err error) bool {
	if refused, ok := errors.AsType[*cloudapi.APIError](err); ok {
		// InvalidParameter.OverLimit is the rate limit of STS. The other codes are the
		// common codes of API 3.0 for a busy or failing service.
		family, _, _ := strings.Cut(refused.Code, ".")
		return refused.ClockCorrected || refused.Code == "InvalidParameter.OverLimit" || slices.Contains([]string{"InternalError", "RequestLimitExceeded", "ServiceUnavailable", "ResourceUnavailable"}, family)
	}
	if failed, ok := errors.AsType[*cloudapi.ExchangeError](err); ok {
		if failed.Reason == cloudapi.BadStatus {
			return isTransientStatus(failed.Status)
		}
		return slices.Contains([]cloudapi.Reason{
			cloudapi.NoConnection, cloudapi.ConnectionLost, cloudapi.TimedOut, cloudapi.Unreadable,
		}, failed.Reason)
	}
	_, isMetadata := errors.AsType[metadataError](err)
	return isMetadata && !errors.Is(err, context.Canceled) && !errors.Is(err, errTooLarge)
}

func isTransientStatus(status int) bool {
	return status >= http.StatusInternalServerError || status == http.StatusTooManyRequests
}
