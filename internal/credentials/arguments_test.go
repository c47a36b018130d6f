package credentials_test

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// canary is part of every secret in these tests.
const canary = "CANARY"

// echo refuses a call and quotes the secrets in it.
func echo(w http.ResponseWriter, r *http.Request) {
	call := read(r)
	refusal("AuthFailure", fmt.Sprintf("bad key %s, token %s or identity %v", call.SecretID, call.Token, call.Parameters["WebIdentityToken"]))(w, r)
}

// search fails if value shows a secret.
func search(t *testing.T, value any) {
	t.Helper()
	var text strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		fmt.Fprintf(&text, verb, value)
	}
	slog.New(slog.NewJSONHandler(&text, nil)).Info("m", "value", value)
	if strings.Contains(text.String(), canary) || strings.Contains(text.String(), fmt.Sprintf("%x", canary)) {
		t.Errorf("%T shows a secret: %s", value, text.String())
	}
}

// TestNoSecret checks arguments, results, warnings and errors.
func TestNoSecret(t *testing.T) {
	t.Parallel()
	web := &credentials.WebIdentity{RoleARN: "r", WebIdentityToken: secret.New("jwt-" + canary)}
	static := credentials.Arguments{
		SecretID: secret.New("ID-" + canary), SecretKey: secret.New("k-" + canary), SecurityToken: secret.New("t-" + canary),
		AssumeRole: &credentials.AssumeRole{RoleARN: "r"},
	}
	file := `{"secretId":"ID-` + canary + `","secretKey":"k-` + canary + `","token":"t-` + canary + `"`
	half := map[string]string{
		"TENCENTCLOUD_SECRET_ID": "other-" + canary, "TENCENTCLOUD_SECURITY_TOKEN": "t-" + canary, tokenVariable: "jwt-" + canary,
	}
	whole := maps.Clone(half)
	whole["TENCENTCLOUD_SECRET_KEY"] = "k-" + canary
	for name, test := range map[string]struct {
		arguments credentials.Arguments
		variables map[string]string
		profile   string
	}{
		"static":                     {static, whole, ""},
		"half a key":                 {credentials.Arguments{}, half, ""},
		"token alone":                {credentials.Arguments{SecurityToken: static.SecurityToken}, nil, ""},
		"web identity":               {credentials.Arguments{AssumeRoleWithWebIdentity: web}, whole, ""},
		"CVM role":                   {credentials.Arguments{CAMRoleName: "cvm"}, whole, ""},
		"profile":                    {credentials.Arguments{}, nil, file + "}"},
		"half a profile":             {credentials.Arguments{}, nil, `{"secretKey":"` + canary + `"}`},
		"broken profile":             {credentials.Arguments{}, nil, file},
		"profile with another type":  {credentials.Arguments{}, nil, `{"secretId":["` + canary + `"]}`},
		"broken profile, not needed": {credentials.Arguments{CAMRoleName: "cvm"}, nil, file},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			machine.variables = test.variables
			if test.profile != "" {
				write(t, test.profile, machine.home, ".tccli", "default.credential")
			}
			resolved, err := credentials.Resolve(test.arguments, machine.environment())
			search(t, test.arguments)
			search(t, resolved)
			search(t, resolved.Warnings)
			if err == nil {
				search(t, *resolved.Source)
				machine.next(echo)
				_, err = resolved.Source.Retrieve(t.Context())
			}
			search(t, err)
		})
	}
	search(t, *web)
}
