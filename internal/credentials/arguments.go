package credentials

import (
	"context"
	"net/http"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// Arguments are the provider's arguments for credentials, as configured. A zero
// value, or text of only white space, counts as unset.
type Arguments struct {
	SecretID  secret.Text
	SecretKey secret.Text
	// SecurityToken accompanies a temporary key.
	SecurityToken secret.Text
	// Region is the access region, such as "ap-singapore".
	Region string
	// Profile names the files to read in SharedCredentialsDir, which can begin
	// with "~".
	Profile              string
	SharedCredentialsDir string
	// CAMRoleName selects this role of the CVM instance.
	CAMRoleName string
	// EnablePodOIDC selects the role of the TKE pod.
	EnablePodOIDC             bool
	AssumeRole                *AssumeRole
	AssumeRoleWithWebIdentity *WebIdentity
	// AllowedAccountIDs are the only accounts (UIN) that the keys are allowed to
	// belong to; empty allows every account. ForbiddenAccountIDs are the accounts
	// that the keys must not belong to.
	AllowedAccountIDs   []string
	ForbiddenAccountIDs []string
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
	// WebIdentityToken takes precedence over WebIdentityTokenFile, which is read
	// at each renewal.
	WebIdentityToken     secret.Text
	WebIdentityTokenFile string
	// RoleARN, SessionName and SessionDuration are as in AssumeRole.
	RoleARN         string
	SessionName     string
	SessionDuration int64
}

// Environment has the dependencies of Resolve and its Source.
type Environment struct {
	// LookupEnv is os.LookupEnv or its replacement. Required.
	LookupEnv func(string) (string, bool)
	// HomeDir is os.UserHomeDir or its replacement. Required.
	HomeDir func() (string, error)
	// Clock gives the time, waits and bounds calls. Required.
	Clock clock.Clock
	// STSEndpoint is required.
	STSEndpoint cloudapi.Endpoint
	// API calls STS, and knows the service's time once a signature was refused for
	// its time. Required.
	API *cloudapi.Client
	// Transport carries, without its proxy if it is an *http.Transport, the calls
	// of the metadata service; nil means a pooled one.
	Transport http.RoundTripper
	// MetadataURL is the root of the CVM metadata service; empty means
	// "http://metadata.tencentyun.com".
	MetadataURL string
	// RenewalFailed is called if a key could not be renewed and stays in use until
	// shortly before its expiry. It may be nil. The error is a
	// *SourceError.
	RenewalFailed func(ctx context.Context, err error, expires time.Time)
}

// now returns the service's time, as far as it is known. It has no monotonic
// part: the monotonic clock stands still while a machine sleeps, but keys expire.
func (e Environment) now() time.Time { return e.Clock.Now().Round(0).Add(e.API.ClockSkew()) }
