package credentials

import (
	"context"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// defaultSTSRegion is where STS is asked when no region is set. Keys are good
// for every region, whichever one issued them, and both sites have this one.
const defaultSTSRegion = "ap-singapore"

// stsClient calls STS, version 2018-08-13.
type stsClient struct {
	caller   *cloudapi.Client
	endpoint cloudapi.Endpoint
	region   string
	clock    clock.Clock
}

func newSTSClient(environment Environment, region string) *stsClient {
	if region == "" {
		region = defaultSTSRegion
	}
	return &stsClient{
		caller: cloudapi.NewClient(cloudapi.Config{
			Transport: environment.Transport,
			Clock:     environment.Clock,
			UserAgent: environment.UserAgent,
		}),
		endpoint: environment.STSEndpoint,
		region:   region,
		clock:    environment.Clock,
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
		Token        string `json:"Token"`
		TmpSecretID  string `json:"TmpSecretId"`
		TmpSecretKey string `json:"TmpSecretKey"`
	} `json:"Credentials"`
	ExpiredTime int64 `json:"ExpiredTime"`
}

// Validate returns ErrIncomplete when a field is missing.
func (a *stsAnswer) Validate() error {
	if a.Credentials.Token == "" || a.Credentials.TmpSecretID == "" || a.Credentials.TmpSecretKey == "" || a.ExpiredTime <= 0 {
		return ErrIncomplete
	}
	return nil
}

// call sends request, which says what is to be done but not where, and
// returns the key that STS issued for no longer than duration. Keys issued for
// an answer that was lost die by themselves, so repeating is safe.
func (c *stsClient) call(
	ctx context.Context, credential cloudapi.Credential, request cloudapi.Request, duration time.Duration,
) (temporary, error) {
	request.Endpoint, request.Service, request.Version, request.Region = c.endpoint, "sts", "2018-08-13", c.region
	var issued temporary
	err := repeat(ctx, c.clock, func(ctx context.Context) error {
		var answer stsAnswer
		asked := c.clock.Now()
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
	// When this machine's clock is behind, ExpiredTime is further away than it
	// is for STS.
	if latest := asked.Add(duration); expires.After(latest) {
		expires = latest
	}
	return temporary{
		credential: cloudapi.Credential{
			SecretID:  a.Credentials.TmpSecretID,
			SecretKey: secret.New(a.Credentials.TmpSecretKey),
			Token:     secret.New(a.Credentials.Token),
		},
		issued:  asked,
		expires: expires,
	}
}
