package credentials_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// TestResolve_Warnings checks which settings that do not take effect are named, in every
// run or only in those that start something or in which a call fails.
func TestResolve_Warnings(t *testing.T) {
	t.Parallel()
	keys := staticKeys()
	web := &credentials.WebIdentity{RoleARN: "r", WebIdentityToken: secret.New("t")}
	pod := podVariables("f")
	podAndCVM := podVariables("f")
	podAndCVM["TENCENTCLOUD_CAM_ROLE_NAME"] = "cvm"
	const profileKeys = `{"secretId":"ID-profile","secretKey":"k"}`
	type test struct {
		arguments  credentials.Arguments
		variables  map[string]string
		credential string // file of the profiles default and dev
		region     string // of their .configure file
		always     string // what the warning of every run says, or empty for none
		variable   string // what the warning of the other runs says, or empty for none
	}
	dev := func(a *credentials.Arguments) { a.Profile = "dev" }
	for name, test := range map[string]test{
		"nothing ignored": {arguments: keys, variables: map[string]string{"TENCENTCLOUD_REGION": "ap-tokyo"}},
		"empty variable": {
			variables: map[string]string{"TENCENTCLOUD_SECRET_ID": "i", "TENCENTCLOUD_SECRET_KEY": "k", "TENCENTCLOUD_SECURITY_TOKEN": "", "TENCENTCLOUD_PROFILE": " "},
			variable:  "TENCENTCLOUD_PROFILE and TENCENTCLOUD_SECURITY_TOKEN: set but empty",
		},
		"empty variable under an argument": {arguments: keys, variables: map[string]string{"TENCENTCLOUD_SECRET_ID": ""}},
		"token alone": {
			arguments: credentials.Arguments{CAMRoleName: "cvm"}, variables: map[string]string{"TENCENTCLOUD_SECURITY_TOKEN": "t"},
			variable: "TENCENTCLOUD_SECURITY_TOKEN is set but TENCENTCLOUD_SECRET_ID is not",
		},
		"token argument alone": {
			arguments: credentials.Arguments{SecurityToken: secret.New("t"), CAMRoleName: "cvm"},
			always:    "security_token is set but neither secret_id nor TENCENTCLOUD_SECRET_ID is",
		},
		"token left over": {
			arguments: keys, variables: map[string]string{"TENCENTCLOUD_SECRET_ID": "other", "TENCENTCLOUD_SECURITY_TOKEN": "t"},
			variable: "TENCENTCLOUD_SECURITY_TOKEN belongs to TENCENTCLOUD_SECRET_ID, which the secret_id argument overrides",
		},
		"keys under a CVM role": {
			arguments: keysAnd(func(a *credentials.Arguments) { a.CAMRoleName = "cvm" }),
			always:    "cam_role_name selects other keys, so the ones in secret_id and secret_key are ignored",
		},
		"keys under web identity": {
			arguments: keysAnd(func(a *credentials.Arguments) { a.AssumeRoleWithWebIdentity = web }),
			always:    "assume_role_with_web_identity selects other keys",
		},
		"role under web identity": {
			arguments: credentials.Arguments{AssumeRole: &credentials.AssumeRole{RoleARN: "a"}, AssumeRoleWithWebIdentity: web},
			always:    "assume_role_with_web_identity is set too and takes precedence",
		},
		"pod under web identity": {
			arguments: credentials.Arguments{EnablePodOIDC: true, AssumeRoleWithWebIdentity: web}, variables: pod,
			always: "assume_role_with_web_identity takes precedence over enable_pod_oidc",
		},
		"CVM role under web identity": {
			arguments: credentials.Arguments{CAMRoleName: "cvm", AssumeRoleWithWebIdentity: web},
			always:    "assume_role_with_web_identity takes precedence over cam_role_name",
		},
		"external ID under web identity": {
			arguments: credentials.Arguments{AssumeRoleWithWebIdentity: web}, variables: map[string]string{"TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID": "id"},
			variable: "TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID is ignored",
		},
		"web identity under a role": {
			arguments: keysAnd(func(a *credentials.Arguments) { a.AssumeRole = &credentials.AssumeRole{RoleARN: "a"} }),
			variables: map[string]string{tokenVariable: "t"}, variable: "the token of " + tokenVariable,
		},
		"role settings without a role": {
			arguments: keys, variables: map[string]string{"TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME": "s", fileVariable: "f"},
			variable: "TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME and " + fileVariable + " are set, but no role is configured (role_arn or TENCENTCLOUD_ASSUME_ROLE_ARN)",
		},
		"CVM role variable under pod OIDC": {
			arguments: credentials.Arguments{EnablePodOIDC: true}, variables: podAndCVM,
			variable: "enable_pod_oidc takes precedence over TENCENTCLOUD_CAM_ROLE_NAME",
		},

		"profile under keys": {
			arguments: keysAnd(dev), credential: profileKeys,
			always: "credentials of secret_id and secret_key sign requests, so the keys of profile dev in DIR are not used, although profile is set",
		},
		"profile that does not exist under keys": {arguments: keysAnd(dev), always: "although profile is set"},
		"directory under keys": {
			arguments: keysAnd(func(a *credentials.Arguments) { a.SharedCredentialsDir = "~/.tccli" }), credential: profileKeys,
			always: "although shared_credentials_dir is set",
		},
		"profile under a CVM role": {
			arguments: credentials.Arguments{Profile: "dev", CAMRoleName: "cvm"}, credential: profileKeys,
			always: "credentials of cam_role_name sign requests, so the keys of profile dev",
		},
		"profile variable under keys": {
			arguments: keys, variables: map[string]string{"TENCENTCLOUD_PROFILE": "dev"}, credential: profileKeys,
			variable: "although TENCENTCLOUD_PROFILE is set",
		},
		"default profile under keys": {arguments: keys, credential: profileKeys},
		"region of a profile under keys": {
			arguments: keys, credential: profileKeys, region: "ap-mumbai",
			always: "so the keys of profile default in DIR are not used, but its region ap-mumbai is. Set region or TENCENTCLOUD_REGION",
		},
		"region of a profile without keys":      {arguments: keysAnd(dev), region: "ap-mumbai"},
		"role of a profile without keys":        {arguments: credentials.Arguments{Profile: "dev", CAMRoleName: "cvm"}, credential: `{"role-arn":"own"}`},
		"role of a profile with keys":           {arguments: credentials.Arguments{Profile: "dev", CAMRoleName: "cvm"}, credential: `{"secretId":"i","secretKey":"k","role-arn":"own"}`, always: "the keys of profile dev in DIR are not used"},
		"profile with keys and a role of a CVM": {credential: `{"secretId":"i","secretKey":"k","type":"cvm-role"}`, variable: "To use the role of the CVM instance instead, set cam_role_name"},

		"token variable of tccli":               {arguments: keys, variables: map[string]string{"TENCENTCLOUD_TOKEN": "hush"}, variable: "Only tccli reads TENCENTCLOUD_TOKEN. For this provider, set TENCENTCLOUD_SECURITY_TOKEN"},
		"token variable of tccli, argument":     {arguments: keysAnd(func(a *credentials.Arguments) { a.SecurityToken = secret.New("t") }), variables: map[string]string{"TENCENTCLOUD_TOKEN": "hush"}},
		"role variable of tccli":                {arguments: keys, variables: map[string]string{"TENCENTCLOUD_ROLE_ARN": "r"}, variable: "set TENCENTCLOUD_ASSUME_ROLE_ARN"},
		"session variable of tccli":             {arguments: keys, variables: map[string]string{"TENCENTCLOUD_ROLE_SESSION_NAME": "s"}, variable: "set TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME"},
		"profile variable of tccli":             {arguments: keys, variables: map[string]string{"TCCLI_PROFILE": "dev"}, variable: "set TENCENTCLOUD_PROFILE"},
		"profile variable of tccli beside ours": {variables: map[string]string{"TCCLI_PROFILE": "dev", "TENCENTCLOUD_PROFILE": "dev"}, credential: profileKeys},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			machine.variables = test.variables
			for _, profile := range []string{"default", "dev"} {
				if test.credential != "" {
					write(t, test.credential, machine.home, ".tccli", profile+".credential")
				}
				if test.region != "" {
					write(t, `{"_sys_param":{"region":"`+test.region+`"}}`, machine.home, ".tccli", profile+".configure")
				}
			}
			resolved := machine.resolve(t, test.arguments)
			for want, got := range map[*string][]credentials.Warning{&test.always: resolved.Warnings, &test.variable: resolved.VariableWarnings} {
				text := strings.ReplaceAll(*want, "DIR", filepath.Join(machine.home, ".tccli"))
				if text == "" && len(got) > 0 || text != "" && (len(got) != 1 || !mentioned(got, text)) || mentioned(got, "hush") {
					t.Errorf("warnings %q and %q, want %q and %q", resolved.Warnings, resolved.VariableWarnings, test.always, test.variable)
				}
			}
		})
	}
}

func TestResolve_UnsupportedVariables(t *testing.T) {
	t.Parallel()
	keys := keysAnd(func(a *credentials.Arguments) { a.Region = "ap-tokyo" })
	for _, name := range []string{
		"TENCENTCLOUD_ASSUME_ROLE_SERIAL_NUMBER", "TENCENTCLOUD_ASSUME_ROLE_TOKEN_CODE", "TENCENTCLOUD_ASSUME_ROLE_SOURCE_IDENTITY",
		"TENCENTCLOUD_ASSUME_ROLE_PRINCIPAL_ARN", "TENCENTCLOUD_MFA_CERTIFICATION_SERIAL_NUMBER",
		"TENCENTCLOUD_MFA_CERTIFICATION_TOKEN_CODE", "TENCENTCLOUD_MFA_CERTIFICATION_DURATION_SECONDS",
	} {
		machine := newWorld(t)
		machine.variables[name] = "hush"
		if warnings := machine.resolve(t, keys).VariableWarnings; len(warnings) != 1 || !mentioned(warnings, name+" is set and ignored") || mentioned(warnings, "hush") {
			t.Errorf("%s: warnings %q", name, warnings)
		}
	}
	const saml = "TENCENTCLOUD_ASSUME_ROLE_SAML_ASSERTION"
	machine := newWorld(t)
	machine.variables[saml] = "hush"
	resolved, err := machine.refuse(t, keys)
	if failed := sourceError(t, err); failed.Source != saml || failed.Attribute != "" || strings.Contains(err.Error(), "hush") || resolved.Region != "ap-tokyo" {
		t.Errorf("error = %v about %q, region %q", err, failed.Attribute, resolved.Region)
	}
	machine.variables[saml] = " "
	machine.resolve(t, keys)
}
