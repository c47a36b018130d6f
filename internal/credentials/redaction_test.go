package credentials

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

func TestInternalTypesRedactThemselves(t *testing.T) {
	t.Parallel()
	const canary = "CANARY"
	held := setting{value: canary, from: "argument"}
	credential := cloudapi.Credential{SecretID: canary, SecretKey: secret.New(canary), Token: secret.New(canary)}
	answer := stsAnswer{}
	answer.Credentials.TmpSecretKey = canary
	for _, value := range []any{
		held,
		staticKeys{id: held, key: held, token: held},
		profileKeys{credential: credential},
		object{"secretKey": []byte(canary)},
		identityToken{text: secret.New(canary)},
		webIdentityParameters{WebIdentityToken: canary},
		&webIdentityRole{token: identityToken{text: secret.New(canary)}},
		cvmRoleAnswer{TmpSecretKey: canary},
		&answer,
		temporary{credential: credential},
		&resolver{arguments: Arguments{SecretID: canary}},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
			if text := fmt.Sprintf(verb, value); strings.Contains(text, canary) {
				t.Errorf("%s of %T: %s", verb, value, text)
			}
			if text := fmt.Sprintf(verb, []any{value}); strings.Contains(text, canary) {
				t.Errorf("%s of a slice with %T: %s", verb, value, text)
			}
		}
	}
}
