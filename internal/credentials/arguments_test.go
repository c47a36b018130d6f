package credentials_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// canary is part of every secret in these tests.
const canary = "CANARY"

func printed(t *testing.T, value any) string {
	t.Helper()
	var text bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%t"} {
		fmt.Fprintf(&text, verb, value)
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Errorf("%T cannot be encoded: %v", value, err)
	}
	text.Write(encoded)
	slog.New(slog.NewTextHandler(&text, nil)).Info("m", "value", value)
	slog.New(slog.NewJSONHandler(&text, nil)).Info("m", "value", value)
	return text.String()
}

// hexCanary is the canary as %x prints it.
var hexCanary = fmt.Sprintf("%x", canary)

// echo refuses a call and quotes all of it.
func echo(w http.ResponseWriter, r *http.Request) {
	call := read(r)
	refusal("AuthFailure", fmt.Sprint("you sent ", call, call.Parameters))(w, r)
}

func search(t *testing.T, value any) {
	t.Helper()
	text := printed(t, value)
	if strings.Contains(text, canary) || strings.Contains(strings.ToLower(text), hexCanary) {
		t.Errorf("%T shows a secret: %s", value, text)
	}
}

func TestNothingPrintsASecret(t *testing.T) {
	t.Parallel()
	web := &credentials.WebIdentity{RoleARN: "r", WebIdentityToken: secret.New("jwt-" + canary)}
	static := credentials.Arguments{
		SecretID: secret.New("ID-" + canary), SecretKey: secret.New("k-" + canary), SecurityToken: secret.New("t-" + canary),
		AssumeRole: &credentials.AssumeRole{RoleARN: "r"},
	}
	file := `{"secretId":"ID-` + canary + `","secretKey":"k-` + canary + `","token":"t-` + canary + `"`
	variables := map[string]string{
		"TENCENTCLOUD_SECRET_ID": "other-" + canary, "TENCENTCLOUD_SECURITY_TOKEN": "t-" + canary, tokenVariable: "jwt-" + canary,
		"TENCENTCLOUD_SECRET_KEY": "k-" + canary,
	}
	without := func(name string) map[string]string {
		others := map[string]string{}
		for variable, value := range variables {
			if variable != name {
				others[variable] = value
			}
		}
		return others
	}
	tests := map[string]struct {
		arguments credentials.Arguments
		variables map[string]string
		profile   string
	}{
		"static":                     {static, variables, ""},
		"half a key":                 {credentials.Arguments{}, without("TENCENTCLOUD_SECRET_KEY"), ""},
		"token alone":                {credentials.Arguments{SecurityToken: static.SecurityToken}, nil, ""},
		"web identity":               {credentials.Arguments{AssumeRoleWithWebIdentity: web}, variables, ""},
		"CVM role":                   {credentials.Arguments{CAMRoleName: "cvm"}, variables, ""},
		"profile":                    {credentials.Arguments{}, nil, file + "}"},
		"half a profile":             {credentials.Arguments{}, nil, `{"secretKey":"` + canary + `"}`},
		"broken profile":             {credentials.Arguments{}, nil, file},
		"profile with another type":  {credentials.Arguments{}, nil, `{"secretId":["` + canary + `"]}`},
		"broken profile, not needed": {credentials.Arguments{CAMRoleName: "cvm"}, nil, file},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			machine.variables = test.variables
			if test.profile != "" {
				write(t, test.profile, machine.home, ".tccli", "default.credential")
			}
			resolved, err := credentials.Resolve(test.arguments, machine.environment())
			search(t, test.arguments)
			search(t, &test.arguments)
			search(t, resolved)
			search(t, &resolved)
			search(t, resolved.Warnings)
			if err != nil {
				search(t, err)
				search(t, err.Error())
				return
			}
			search(t, resolved.Source)
			search(t, *resolved.Source)
			machine.next(echo)
			if _, err := resolved.Source.Retrieve(t.Context()); err != nil {
				search(t, err)
				search(t, err.Error())
			}
		})
	}
	search(t, web)
	search(t, *web)
}
