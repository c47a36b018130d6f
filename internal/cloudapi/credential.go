package cloudapi

import "github.com/trtc-community/terraform-provider-trtc/internal/secret"

// Credential is a Tencent Cloud API key.
type Credential struct {
	SecretID  secret.Text // names the key; it is treated as confidential
	SecretKey secret.Text
	Token     secret.Text // the security token of a temporary key, else empty
	Source    string      // where the key comes from, for error texts
}

// secrets returns what no error may quote.
func (c Credential) secrets() []secret.Text { return []secret.Text{c.SecretID, c.SecretKey, c.Token} }
