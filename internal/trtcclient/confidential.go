package trtcclient

import (
	"net/url"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

func (in StartInput) confidential() []secret.Text {
	return append(secretsOfURL(in.StreamURL), in.UserSig, in.PrivateMapKey)
}

func (in UpdateInput) confidential() []secret.Text { return secretsOfURL(in.StreamURL) }

// secretsOfURL returns the URL and the parts of it that let somebody in,
// because a message can quote either.
func secretsOfURL(address secret.Text) []secret.Text {
	secrets := []secret.Text{address}
	parsed, err := url.Parse(address.Reveal())
	if err != nil {
		return secrets
	}
	password, _ := parsed.User.Password()
	return append(secrets, secret.New(parsed.RawQuery), secret.New(password))
}
