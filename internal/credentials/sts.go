package credentials

import (
	"context"
	"errors"
	"net/http"
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
	// maxRetries is how often a failed exchange is sent again.
	maxRetries = 3
	// firstRetryDelay is the wait before the first retry; it doubles each time.
	firstRetryDelay = 500 * time.Millisecond
)

// stsClient calls STS, version 2018-08-13.
type stsClient struct {
	environment Environment
	caller      *cloudapi.Client
	region      string
}

func newSTSClient(environment Environment, region string) *stsClient {
	if region == "" {
		region = defaultSTSRegion
	}
	return &stsClient{
		environment: environment,
		caller: cloudapi.NewClient(cloudapi.Config{
			Transport: environment.Transport,
			Clock:     environment.Clock,
			UserAgent: environment.UserAgent,
		}),
		region: region,
	}
}

// in returns the client for another region.
func (c *stsClient) in(region string) *stsClient {
	other := *c
	other.region = region
	return &other
}

// stsAnswer is the output of AssumeRole and AssumeRoleWithWebIdentity.
type stsAnswer struct {
	Credentials struct {
		Token        secret.Text `json:"Token"`
		TmpSecretID  secret.Text `json:"TmpSecretId"`
		TmpSecretKey secret.Text `json:"TmpSecretKey"`
	} `json:"Credentials"`
	ExpiredTime int64 `json:"ExpiredTime"`
}

// Validate returns an error when a field is missing.
func (a *stsAnswer) Validate() error {
	key := a.Credentials
	if key.Token.IsEmpty() || key.TmpSecretID.IsEmpty() || key.TmpSecretKey.IsEmpty() || a.ExpiredTime <= 0 {
		return errIncomplete
	}
	return nil
}

// call sends request, which has neither endpoint nor region yet, and returns the
// key that STS issues for at most duration. A retry is safe: a key whose answer
// was lost expires unused.
func (c *stsClient) call(
	ctx context.Context, credential cloudapi.Credential, request cloudapi.Request, duration time.Duration,
) (temporary, error) {
	request.Endpoint, request.Region = c.environment.STSEndpoint, c.region
	request.Service, request.Version = "sts", "2018-08-13"
	var issued temporary
	err := retry(ctx, c.environment.Clock, func(ctx context.Context) error {
		var answer stsAnswer
		asked := c.environment.Clock.Now()
		if _, err := c.caller.Call(ctx, credential, request, &answer); err != nil {
			return err
		}
		issued = answer.temporary(asked, duration)
		return nil
	})
	return issued, err
}

func (a *stsAnswer) temporary(asked time.Time, duration time.Duration) temporary {
	expires := time.Unix(a.ExpiredTime, 0)
	// If this machine's clock is slow, ExpiredTime is further away here than it
	// is for STS.
	if latest := asked.Add(duration); expires.After(latest) {
		expires = latest
	}
	key := a.Credentials
	credential := cloudapi.Credential{SecretID: key.TmpSecretID.Reveal(), SecretKey: key.TmpSecretKey, Token: key.Token}
	return issuedKey(credential, asked, expires)
}

// retry runs call until it succeeds, fails permanently, was retried maxRetries
// times, or ctx ends.
func retry(ctx context.Context, timer clock.Clock, call func(context.Context) error) error {
	delay := firstRetryDelay
	for left := maxRetries; ; left-- {
		err := attempt(ctx, timer, call)
		if err == nil || left == 0 || !isTransient(err) {
			return err
		}
		if timer.Sleep(ctx, delay) != nil {
			return err
		}
		delay *= 2
	}
}

func attempt(ctx context.Context, timer clock.Clock, call func(context.Context) error) error {
	bounded, cancel := timer.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	return call(bounded)
}

// isTransient reports whether the same call may succeed a moment later.
func isTransient(err error) bool {
	var refused *cloudapi.APIError
	var failed *cloudapi.ExchangeError
	var metadata *MetadataError
	switch {
	case errors.As(err, &refused):
		// The common codes of API 3.0 for a service that is busy or at fault.
		family, _, _ := strings.Cut(refused.Code, ".")
		switch family {
		case "InternalError", "RequestLimitExceeded", "ServiceUnavailable", "ResourceUnavailable":
			return true
		}
		return false
	case errors.As(err, &failed):
		switch failed.Reason {
		case cloudapi.NoConnection, cloudapi.ConnectionLost, cloudapi.TimedOut, cloudapi.Unreadable:
			return true
		case cloudapi.BadStatus:
			return isTransientStatus(failed.Status)
		default:
			return false
		}
	case errors.As(err, &metadata):
		return metadata.isTransient()
	default:
		return false
	}
}

func isTransientStatus(status int) bool {
	return status >= http.StatusInternalServerError || status == http.StatusTooManyRequests
}
