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
	// defaultSTSRegion is the region of STS when none is set. Keys are valid in
	// every region, whichever issued them, and both sites have this one.
	defaultSTSRegion = "ap-singapore"

	// attemptTimeout bounds one exchange.
	attemptTimeout = 10 * time.Second
	// firstRetryDelay and lastRetryDelay are the waits before the first and the
	// last retry; each is twice the one before it.
	firstRetryDelay = 500 * time.Millisecond
	lastRetryDelay  = 2 * time.Second
)

// errIncomplete means that an answer with a key lacks a documented field.
var errIncomplete = errors.New("the answer lacks a field")

// issuedKey is a key in an answer of STS or of the metadata service. Its expiry,
// in UNIX seconds, is a field beside it.
type issuedKey struct {
	TmpSecretID  secret.Text `json:"TmpSecretId"`
	TmpSecretKey secret.Text `json:"TmpSecretKey"`
	Token        secret.Text `json:"Token"`
}

func (k issuedKey) validate(expires int64) error {
	if k.TmpSecretID.IsEmpty() || k.TmpSecretKey.IsEmpty() || k.Token.IsEmpty() || expires <= 0 {
		return errIncomplete
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

// stsAnswer is the output of AssumeRole and AssumeRoleWithWebIdentity.
type stsAnswer struct {
	Credentials issuedKey `json:"Credentials"`
	ExpiredTime int64     `json:"ExpiredTime"`
}

// Validate returns an error when a field is missing.
func (a *stsAnswer) Validate() error { return a.Credentials.validate(a.ExpiredTime) }

// callSTS sends request, decodes the answer into out, and returns when the
// request was sent. A retry is safe: a key whose answer was lost expires unused.
func (r *resolver) callSTS(ctx context.Context, credential cloudapi.Credential, request cloudapi.Request, out any) (time.Time, error) {
	request.Endpoint, request.Service, request.Version = r.environment.STSEndpoint, "sts", "2018-08-13"
	return retry(ctx, r.environment.Clock, func(ctx context.Context) (time.Time, error) {
		asked := r.environment.now()
		_, err := r.environment.API.Call(ctx, credential, request, out)
		return asked, err
	})
}

// issueKey sends request and returns the key that STS issues for at most that
// many seconds.
func (r *resolver) issueKey(ctx context.Context, credential cloudapi.Credential, request cloudapi.Request, seconds int64) (temporary, error) {
	var answer stsAnswer
	asked, err := r.callSTS(ctx, credential, request, &answer)
	if err != nil {
		return temporary{}, err
	}
	// By a slow local clock, ExpiredTime is further away than it is for STS.
	return answer.Credentials.temporary(asked, min(answer.ExpiredTime, asked.Unix()+seconds)), nil
}

// retry calls until success, a permanent failure, three retries or ctx's end.
func retry[T any](ctx context.Context, timer clock.Clock, call func(context.Context) (T, error)) (T, error) {
	for delay := firstRetryDelay; ; delay *= 2 {
		bounded, cancel := timer.WithTimeout(ctx, attemptTimeout)
		answer, err := call(bounded)
		cancel()
		if err == nil || delay > lastRetryDelay || !isTransient(err) || timer.Sleep(ctx, delay) != nil {
			return answer, err
		}
	}
}

// isTransient reports whether the same call may succeed a moment later.
func isTransient(err error) bool {
	if refused, ok := errors.AsType[*cloudapi.APIError](err); ok {
		// STS has a code of its own for its rate limit. The others are the common
		// codes of API 3.0 for a service that is busy or at fault.
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
	failed, ok := errors.AsType[*MetadataError](err)
	if !ok || errors.Is(failed.Err, context.Canceled) || errors.Is(failed.Err, errTooLarge) {
		return false
	}
	return failed.Status == 0 || failed.Status == http.StatusOK && failed.Err != nil || isTransientStatus(failed.Status)
}

func isTransientStatus(status int) bool {
	return status >= http.StatusInternalServerError || status == http.StatusTooManyRequests
}
