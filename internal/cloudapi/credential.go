package cloudapi

import "github.com/trtc-community/terraform-provider-trtc/internal/secret"

// Credential is a Tencent Cloud API key, with a security token when it is
// temporary. It redacts itself in every format.
type Credential struct {
	// SecretID names the key. It is treated as confidential.
	SecretID string
	// SecretKey signs.
	SecretKey secret.Text
	// Token accompanies a temporary key; empty for a permanent one.
	Token secret.Text
}

// String returns a fixed text.
func (Credential) String() string { return "Credential" + secret.Redacted }

// GoString returns a fixed text.
func (c Credential) GoString() string { return c.String() }

// GetSecretId returns the key's ID; for Tencent's SDK core.
func (c Credential) GetSecretId() string { return c.SecretID }

// GetSecretKey returns the key that signs; for the SDK core.
func (c Credential) GetSecretKey() string { return c.SecretKey.Reveal() }

// GetToken returns the security token, or nothing; for the SDK core.
func (c Credential) GetToken() string { return c.Token.Reveal() }

// GetCredential returns secret id, secret key and token together; for the SDK
// core.
func (c Credential) GetCredential() (secretID, secretKey, token string) {
	return c.SecretID, c.SecretKey.Reveal(), c.Token.Reveal()
}
