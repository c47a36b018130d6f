package credentials

import (
	"fmt"
	"log/slog"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// Arguments are the provider's arguments that say where keys come from, as the
// user gave them. Zero values are unset, and so is text of only white space.
// Arguments redacts itself in every format.
type Arguments struct {
	// SecretID names the API key.
	SecretID string
	// SecretKey signs.
	SecretKey secret.Text
	// SecurityToken accompanies a temporary key.
	SecurityToken secret.Text
	// Region is the access region, such as "ap-singapore".
	Region string
	// Profile names the files to read in SharedCredentialsDir.
	Profile string
	// SharedCredentialsDir is where profiles are; it may begin with "~".
	SharedCredentialsDir string
	// CAMRoleName asks for the keys of this role of the CVM instance.
	CAMRoleName string
	// EnablePodOIDC asks for the keys of the TKE pod's role.
	EnablePodOIDC bool
	// AssumeRole is the block of that name, or nil.
	AssumeRole *AssumeRole
	// AssumeRoleWithWebIdentity is the block of that name, or nil.
	AssumeRoleWithWebIdentity *WebIdentity
}

// AssumeRole is a role to take on with the keys found; parameters of STS
// AssumeRole.
type AssumeRole struct {
	// RoleARN is the role, such as "qcs::cam::uin/1000:roleName/deploy".
	RoleARN string
	// SessionName is 2 to 128 letters, digits and _+=,.@- and appears in audit
	// logs; "terraform-provider-trtc" when unset.
	SessionName string
	// SessionDuration is in seconds, 1 to 43200; 0 means 7200.
	SessionDuration int64
	// Policy is a policy document in JSON that narrows the role's permissions.
	Policy string
	// ExternalID is 2 to 128 letters, digits and _+=,.@:/- that the role's trust
	// policy may ask for.
	ExternalID string
}

// WebIdentity is a role to take on with the token of an identity provider;
// parameters of STS AssumeRoleWithWebIdentity.
type WebIdentity struct {
	// ProviderID names the identity provider in CAM; "OIDC" when unset.
	ProviderID string
	// WebIdentityToken is the identity provider's token. It wins over
	// WebIdentityTokenFile.
	WebIdentityToken secret.Text
	// WebIdentityTokenFile is a file with the token, read at each refresh.
	WebIdentityTokenFile string
	// RoleARN is the role, such as "qcs::cam::uin/1000:roleName/deploy".
	RoleARN string
	// SessionName is 2 to 128 letters, digits and _+=,.@- and appears in audit
	// logs; "terraform-provider-trtc" when unset.
	SessionName string
	// SessionDuration is in seconds, 1 to 43200; 0 means 7200.
	SessionDuration int64
}

// Format writes a fixed text, whatever the verb.
func (Arguments) Format(state fmt.State, _ rune) {
	_, _ = state.Write([]byte("Arguments" + secret.Redacted))
}

// MarshalText returns a fixed text, so that no encoder writes the values.
func (Arguments) MarshalText() ([]byte, error) { return []byte("Arguments" + secret.Redacted), nil }

// LogValue returns a fixed text.
func (Arguments) LogValue() slog.Value { return slog.StringValue("Arguments" + secret.Redacted) }
