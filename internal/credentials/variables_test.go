package credentials_test

import (
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

func TestWarnings(t *testing.T) {
	t.Parallel()
	keys := credentials.Arguments{SecretID: secret.New("i"), SecretKey: secret.New("k")}
	with := func(change func(*credentials.Arguments)) credentials.Arguments {
		arguments := keys
		change(&arguments)
		return arguments
	}
	web := &credentials.WebIdentity{RoleARN: "r", WebIdentityToken: secret.New("t")}
	tests := map[string]struct {
		arguments credentials.Arguments
		variables map[string]string
		want      string // empty for no warning at all
	}{
		"nothing ignored": {keys, map[string]string{"TENCENTCLOUD_REGION": "ap-tokyo"}, ""},
		"empty variable": {
			credentials.Arguments{},
			map[string]string{"TENCENTCLOUD_SECRET_ID": "i", "TENCENTCLOUD_SECRET_KEY": "k", "TENCENTCLOUD_SECURITY_TOKEN": "", "TENCENTCLOUD_PROFILE": " "},
			"TENCENTCLOUD_PROFILE and TENCENTCLOUD_SECURITY_TOKEN: set but empty",
		},
		"empty variable under an argument": {keys, map[string]string{"TENCENTCLOUD_SECRET_ID": ""}, ""},
		"token alone": {
			with(func(a *credentials.Arguments) {
				a.SecretID, a.SecretKey, a.CAMRoleName = secret.Text{}, secret.Text{}, "cvm"
			}),
			map[string]string{"TENCENTCLOUD_SECURITY_TOKEN": "t"},
			"TENCENTCLOUD_SECURITY_TOKEN is set but TENCENTCLOUD_SECRET_ID is not",
		},
		"token argument alone": {
			credentials.Arguments{SecurityToken: secret.New("t"), CAMRoleName: "cvm"},
			nil,
			"security_token is set but neither secret_id nor TENCENTCLOUD_SECRET_ID is",
		},
		"token left over": {
			keys,
			map[string]string{"TENCENTCLOUD_SECRET_ID": "other", "TENCENTCLOUD_SECURITY_TOKEN": "t"},
			"TENCENTCLOUD_SECURITY_TOKEN belongs to TENCENTCLOUD_SECRET_ID, which the secret_id argument overrides",
		},
		"keys under a CVM role": {
			with(func(a *credentials.Arguments) { a.CAMRoleName = "cvm" }), nil,
			"cam_role_name selects other keys, so the ones in secret_id and secret_key are ignored",
		},
		"half a key under a CVM role": {
			credentials.Arguments{CAMRoleName: "cvm"},
			map[string]string{"TENCENTCLOUD_SECRET_ID": "i"},
			"cam_role_name selects other keys, so the ones in TENCENTCLOUD_SECRET_ID are ignored",
		},
		"keys under web identity": {
			with(func(a *credentials.Arguments) { a.AssumeRoleWithWebIdentity = web }), nil,
			"assume_role_with_web_identity selects other keys",
		},
		"role under web identity": {
			credentials.Arguments{AssumeRole: &credentials.AssumeRole{RoleARN: "a"}, AssumeRoleWithWebIdentity: web},
			nil,
			"assume_role_with_web_identity is set too and takes precedence",
		},
		"web identity under a role": {
			with(func(a *credentials.Arguments) { a.AssumeRole = &credentials.AssumeRole{RoleARN: "a"} }),
			map[string]string{tokenVariable: "t"},
			"the token of " + tokenVariable,
		},
		"role settings without a role": {
			keys,
			map[string]string{"TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME": "s", fileVariable: "f"},
			"TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME and " + fileVariable + " are set but TENCENTCLOUD_ASSUME_ROLE_ARN is not",
		},
		"CVM role under pod OIDC": {
			credentials.Arguments{EnablePodOIDC: true},
			map[string]string{
				"TKE_REGION": "r", "TKE_PROVIDER_ID": "p", "TKE_WEB_IDENTITY_TOKEN_FILE": "f", "TKE_ROLE_ARN": "a", "TENCENTCLOUD_CAM_ROLE_NAME": "cvm",
			},
			"enable_pod_oidc takes precedence over TENCENTCLOUD_CAM_ROLE_NAME",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			machine.variables = test.variables
			resolved := machine.resolve(t, test.arguments)
			switch {
			case test.want == "" && len(resolved.Warnings) > 0:
				t.Errorf("warnings %q, want none", resolved.Warnings)
			case test.want != "" && (len(resolved.Warnings) != 1 || !warned(resolved, test.want)):
				t.Errorf("warnings %q, want one with %q", resolved.Warnings, test.want)
			}
		})
	}
}

func TestUnsupportedVariables(t *testing.T) {
	t.Parallel()
	keys := credentials.Arguments{SecretID: secret.New("i"), SecretKey: secret.New("k")}
	for _, name := range []string{
		"TENCENTCLOUD_ASSUME_ROLE_SERIAL_NUMBER", "TENCENTCLOUD_ASSUME_ROLE_TOKEN_CODE", "TENCENTCLOUD_ASSUME_ROLE_SOURCE_IDENTITY",
		"TENCENTCLOUD_ASSUME_ROLE_PRINCIPAL_ARN", "TENCENTCLOUD_MFA_CERTIFICATION_SERIAL_NUMBER",
		"TENCENTCLOUD_MFA_CERTIFICATION_TOKEN_CODE", "TENCENTCLOUD_MFA_CERTIFICATION_DURATION_SECONDS",
	} {
		machine := newWorld(t)
		machine.variables = map[string]string{name: "hush"}
		resolved := machine.resolve(t, keys)
		if len(resolved.Warnings) != 1 || !warned(resolved, name+" is set and ignored") || warned(resolved, "hush") {
			t.Errorf("%s: warnings %q", name, resolved.Warnings)
		}
		machine.variables[name] = " "
		if resolved := machine.resolve(t, keys); len(resolved.Warnings) > 0 {
			t.Errorf("empty %s: warnings %q", name, resolved.Warnings)
		}
	}
}

func TestSAML(t *testing.T) {
	t.Parallel()
	const variable = "TENCENTCLOUD_ASSUME_ROLE_SAML_ASSERTION"
	machine := newWorld(t)
	machine.variables = map[string]string{variable: "hush", "TENCENTCLOUD_ASSUME_ROLE_PRINCIPAL_ARN": "p"}
	keys := credentials.Arguments{Region: "ap-tokyo", SecretID: secret.New("i"), SecretKey: secret.New("k")}
	resolved, err := machine.refuse(t, keys)
	if failed := sourceError(t, err); failed.Source != variable || failed.Attribute != "" || strings.Contains(err.Error(), "hush") {
		t.Errorf("error = %v, about %q", err, failed.Attribute)
	}
	if resolved.Region != "ap-tokyo" {
		t.Errorf("region %q", resolved.Region)
	}
	machine.variables[variable] = ""
	machine.resolve(t, keys)
}
