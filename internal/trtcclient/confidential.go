package trtcclient

import (
	"net/url"
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

func (in StartInput) confidential() []secret.Text {
	return append(secretsOfURL(in.StreamURL), in.UserSig, in.PrivateMapKey)
}

func (in UpdateInput) confidential() []secret.Text { return secretsOfURL(in.StreamURL) }

// minQueryValue is the length in bytes from which on a value in a query may
// be a secret; shorter ones, such as 1, are too common in any text.
const minQueryValue = 4

// secretsOfURL returns the URL and the parts of it that let somebody in, as
// they are and without escapes, because a message can quote either.
func secretsOfURL(address secret.Text) []secret.Text {
	secrets := []secret.Text{address}
	parsed, err := url.Parse(address.Reveal())
	if err != nil {
		return secrets
	}
	if parsed.User != nil {
		password, named := parsed.User.Password()
		if !named {
			password = parsed.User.Username()
		}
		secrets = append(secrets, secret.New(password), secret.New(url.QueryEscape(password)))
	}
	secrets = append(secrets, secret.New(parsed.RawQuery))
	for pair := range strings.SplitSeq(parsed.RawQuery, "&") {
		_, escaped, _ := strings.Cut(pair, "=")
		value, err := url.QueryUnescape(escaped)
		if err != nil {
			value = escaped
		}
		if len(value) >= minQueryValue {
			secrets = append(secrets, secret.New(value), secret.New(escaped))
		}
	}
	return secrets
}
