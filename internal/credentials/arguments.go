package credentials

import (
	"context"
	"net/http"
	"os"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// Arguments are the provider's arguments about credentials, as the user gave
// them. A zero value counts as unset, and so does text of only white space.
type Arguments struct {
	// SecretID names the API key.
	SecretID secret.Text
	// SecretKey signs.
	SecretKey secret.Text
	// SecurityToken accompanies a temporary key.
	SecurityToken secret.Text
	// Region is the access region, such as "ap-singapore".
	Region string
	// Profile names the files to read in SharedCredentialsDir.
	Profile string
	// SharedCredentialsDir is the directory of the profiles; it may begin with "~".
	SharedCredentialsDir string
	// CAMRoleName selects this role of the CVM instance.
	CAMRoleName string
	// EnablePodOIDC selects the role of the TKE pod.
	EnablePodOIDC bool
	// AssumeRole is the argument assume_role, or nil.
	AssumeRole *AssumeRole
	// AssumeRoleWithWebIdentity is the argument assume_role_with_web_identity,
	// or nil.
	AssumeRoleWithWebIdentity *WebIdentity
}

// AssumeRole is a role to assume with the resolved credentials; parameters of
// STS AssumeRole.
type AssumeRole struct {
	// RoleARN is the role, such as "qcs::cam::uin/1000:roleName/deploy".
	RoleARN string
	// SessionName is 2 to 128 letters, digits and _+=,.@- and appears in audit
	// logs; "terraform-provider-trtc" when unset.
	SessionName string
	// SessionDuration is in seconds, 1 to 43200; 0 means 7200.
	SessionDuration int64
	// Policy is a policy document in JSON that further restricts the session.
	Policy string
	// ExternalID is 2 to 128 letters, digits and _+=,.@:/- that the role's trust
	// policy may require.
	ExternalID string
}

// WebIdentity is a role to assume with the OIDC token of an identity provider;
// parameters of STS AssumeRoleWithWebIdentity.
type WebIdentity struct {
	// ProviderID names the identity provider in CAM; "OIDC" when unset.
	ProviderID string
	// WebIdentityToken is the token. It takes precedence over
	// WebIdentityTokenFile.
	WebIdentityToken secret.Text
	// WebIdentityTokenFile is a file with the token, read at each renewal.
	WebIdentityTokenFile string
	// RoleARN is the role, such as "qcs::cam::uin/1000:roleName/deploy".
	RoleARN string
	// SessionName is as in AssumeRole.
	SessionName string
	// SessionDuration is as in AssumeRole.
	SessionDuration int64
}

// Environment is what Resolve and its Source use besides the arguments. Only
// STSEndpoint is required; the zero value of the rest is right for production.
type Environment struct {
	// LookupEnv returns an environment variable and whether it is set; nil means
	// os.LookupEnv.
	LookupEnv func(string) (string, bool)
	// HomeDir returns the user's home directory; nil means os.UserHomeDir.
	HomeDir func() (string, error)
	// Clock returns the time, waits and bounds calls; nil means the system's.
	Clock clock.Clock
	// Transport carries the calls of STS; nil means a pooled one. The metadata
	// service is called over a copy of an *http.Transport without its proxy, or
	// over a Transport of another type as it is.
	Transport http.RoundTripper
	// STSEndpoint is the endpoint of STS.
	STSEndpoint cloudapi.Endpoint
	// MetadataURL is the root of the CVM metadata service; empty means
	// "http://metadata.tencentyun.com".
	MetadataURL string
	// UserAgent names the program in requests.
	UserAgent string
	// RenewalFailed is called when a key could not be renewed and stays in use
	// until shortly before it expires; nil means no call. The error is a
	// *SourceError.
	RenewalFailed func(ctx context.Context, err error, expires time.Time)
}

func (e Environment) withDefaults() Environment {
	if e.LookupEnv == nil {
		e.LookupEnv = os.LookupEnv
	}
	if e.HomeDir == nil {
		e.HomeDir = os.UserHomeDir
	}
	if e.Clock == nil {
		e.Clock = clock.System()
	}
	if e.Transport == nil {
		e.Transport = cloudapi.NewTransport()
	}
	if e.MetadataURL == "" {
		e.MetadataURL = "http://metadata.tencentyun.com"
	}
	if e.RenewalFailed == nil {
		e.RenewalFailed = func(context.Context, error, time.Time) {}
	}
	return e
}
