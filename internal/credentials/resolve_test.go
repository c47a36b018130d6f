package credentials_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// TestResolve_SigningKey checks which key signs the calls for each combination of
// argument, variable, profile and role.
func TestResolve_SigningKey(t *testing.T) {
	t.Parallel()
	const profileKeys = `"secretId":"ID-profile","secretKey":"k","token":"TOKEN-profile"`
	envKeys := map[string]string{"TENCENTCLOUD_SECRET_ID": "ID-env", "TENCENTCLOUD_SECRET_KEY": "k"}
	with := func(base map[string]string, pairs ...string) map[string]string {
		merged := maps.Clone(base)
		for i := 0; i < len(pairs); i += 2 {
			merged[pairs[i]] = pairs[i+1]
		}
		return merged
	}
	argKeys := staticKeys()
	argRole := &credentials.AssumeRole{RoleARN: "block"}
	argWeb := &credentials.WebIdentity{RoleARN: "web", WebIdentityToken: secret.New("jwt")}

	tests := map[string]struct {
		arguments credentials.Arguments
		variables map[string]string
		profile   string
		want      string // the calls
	}{
		"arguments with white space":     {credentials.Arguments{SecretID: secret.New(" ID-arg\n"), SecretKey: secret.New("k "), SecurityToken: secret.New("\tTOKEN-arg ")}, nil, "", "Use by ID-arg TOKEN-arg"},
		"arguments over variables":       {argKeys, envKeys, profileKeys, "Use by ID-arg"},
		"empty arguments are unset":      {credentials.Arguments{SecretID: secret.New(""), SecretKey: secret.New(" ")}, envKeys, "", "Use by ID-env"},
		"variables":                      {credentials.Arguments{}, with(envKeys, "TENCENTCLOUD_SECURITY_TOKEN", " TOKEN-env "), "", "Use by ID-env TOKEN-env"},
		"variables over profile":         {credentials.Arguments{}, envKeys, profileKeys, "Use by ID-env"},
		"id argument, key variable":      {credentials.Arguments{SecretID: secret.New("ID-arg")}, map[string]string{"TENCENTCLOUD_SECRET_KEY": "k"}, "", "Use by ID-arg"},
		"token argument, key variables":  {credentials.Arguments{SecurityToken: secret.New("TOKEN-arg")}, envKeys, "", "Use by ID-env TOKEN-arg"},
		"token variable, key arguments":  {argKeys, map[string]string{"TENCENTCLOUD_SECURITY_TOKEN": "TOKEN-env"}, "", "Use by ID-arg TOKEN-env"},
		"token variable of another key":  {argKeys, with(envKeys, "TENCENTCLOUD_SECURITY_TOKEN", "TOKEN-env"), "", "Use by ID-arg"},
		"token variable of the same key": {argKeys, map[string]string{"TENCENTCLOUD_SECRET_ID": "ID-arg", "TENCENTCLOUD_SECURITY_TOKEN": "TOKEN-env"}, "", "Use by ID-arg TOKEN-env"},
		"profile":                        {credentials.Arguments{}, nil, profileKeys, "Use by ID-profile TOKEN-profile"},
		"empty variables, profile":       {credentials.Arguments{}, map[string]string{"TENCENTCLOUD_SECRET_ID": "", "TENCENTCLOUD_SECRET_KEY": " "}, profileKeys, "Use by ID-profile TOKEN-profile"},
		"token alone, profile":           {credentials.Arguments{}, map[string]string{"TENCENTCLOUD_SECURITY_TOKEN": "TOKEN-old"}, profileKeys, "Use by ID-profile TOKEN-profile"},
		"profile with a role":            {credentials.Arguments{}, nil, profileKeys + `,"role-arn":"own"`, "AssumeRole own by ID-profile TOKEN-profile, Use by ID-own TOKEN-own"},
		"the profile's role is its own":  {argKeys, nil, profileKeys + `,"role-arn":"own"`, "Use by ID-arg"},

		"role variables":                  {argKeys, map[string]string{"TENCENTCLOUD_ASSUME_ROLE_ARN": "env"}, "", "AssumeRole env by ID-arg, Use by ID-env TOKEN-env"},
		"role block over profile":         {credentials.Arguments{AssumeRole: argRole}, nil, profileKeys, "AssumeRole block by ID-profile TOKEN-profile, Use by ID-block TOKEN-block"},
		"one hop for block and variables": {credentials.Arguments{AssumeRole: argRole}, with(envKeys, "TENCENTCLOUD_ASSUME_ROLE_ARN", "env"), "", "AssumeRole block by ID-env, Use by ID-block TOKEN-block"},
		"block without an ARN": {
			credentials.Arguments{AssumeRole: &credentials.AssumeRole{SessionName: "name"}},
			with(envKeys, "TENCENTCLOUD_ASSUME_ROLE_ARN", "env"), "",
			"AssumeRole env by ID-env, Use by ID-env TOKEN-env",
		},
		"role block on the profile's role": {
			credentials.Arguments{AssumeRole: argRole},
			nil, profileKeys + `,"role-arn":"own","role-session-name":"name"`,
			"AssumeRole own by ID-profile TOKEN-profile, AssumeRole block by ID-own TOKEN-own, Use by ID-block TOKEN-block",
		},
		"role block that is the profile's role": {
			credentials.Arguments{AssumeRole: argRole},
			nil, profileKeys + `,"role-arn":"block"`,
			"AssumeRole block by ID-profile TOKEN-profile, Use by ID-block TOKEN-block",
		},

		"web identity sends no keys":   {credentials.Arguments{AssumeRoleWithWebIdentity: argWeb}, with(envKeys, "TENCENTCLOUD_SECURITY_TOKEN", "TOKEN-env"), profileKeys, "AssumeRoleWithWebIdentity web by SKIP, Use by ID-web TOKEN-web"},
		"web identity over role block": {credentials.Arguments{AssumeRole: argRole, AssumeRoleWithWebIdentity: argWeb}, envKeys, "", "AssumeRoleWithWebIdentity web by SKIP, Use by ID-web TOKEN-web"},
		"web identity variables": {
			credentials.Arguments{},
			map[string]string{"TENCENTCLOUD_ASSUME_ROLE_ARN": "env", "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN": "jwt"},
			"",
			"AssumeRoleWithWebIdentity env by SKIP, Use by ID-env TOKEN-env",
		},
		"role block over web identity variables": {
			credentials.Arguments{AssumeRole: argRole},
			with(envKeys, "TENCENTCLOUD_ASSUME_ROLE_ARN", "env", "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN", "jwt"), "",
			"AssumeRole block by ID-env, Use by ID-block TOKEN-block",
		},

		"CVM role variable":            {credentials.Arguments{}, map[string]string{"TENCENTCLOUD_CAM_ROLE_NAME": "cvm"}, "", metadata + "cvm by, Use by ID-cvm TOKEN-cvm"},
		"CVM role over keys":           {credentials.Arguments{CAMRoleName: "cvm"}, envKeys, "", metadata + "cvm by, Use by ID-cvm TOKEN-cvm"},
		"role on a CVM role":           {credentials.Arguments{CAMRoleName: "cvm", AssumeRole: argRole}, nil, profileKeys, metadata + "cvm by, AssumeRole block by ID-cvm TOKEN-cvm, Use by ID-block TOKEN-block"},
		"profile's role on a CVM role": {credentials.Arguments{CAMRoleName: "cvm"}, nil, `"role-arn":"own"`, metadata + "cvm by, AssumeRole own by ID-cvm TOKEN-cvm, Use by ID-own TOKEN-own"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			machine.variables = test.variables
			if test.profile != "" {
				write(t, "{"+test.profile+"}", machine.home, ".tccli", "default.credential")
			}
			source := machine.resolve(t, test.arguments).Source
			for range 2 { // All temporary keys expire in between.
				machine.use(t, source)
				if got := strings.Join(machine.lines(), ", "); got != test.want {
					t.Errorf("on the wire:\n got %q\nwant %q", got, test.want)
				}
				machine.clock.Advance(2 * time.Hour)
			}
		})
	}
}

const metadata = "GET /latest/meta-data/cam/security-credentials/"

func TestResolve_Region(t *testing.T) {
	t.Parallel()
	keys, pod := staticKeys(), podVariables("f")
	const configure = `{"_sys_param":{"region":" ap-file ","output":"json"}}`
	tests := map[string]struct {
		arguments credentials.Arguments
		variables map[string]string
		configure string // of the default profile
		want      string
		warning   string
		fails     string
	}{
		"none":                        {keys, nil, "", "", "", ""},
		"argument":                    {keysAnd(func(a *credentials.Arguments) { a.Region = "ap-arg" }), map[string]string{"TENCENTCLOUD_REGION": "ap-env"}, configure, "ap-arg", "", ""},
		"variable":                    {keys, map[string]string{"TENCENTCLOUD_REGION": " ap-env "}, configure, "ap-env", "", ""},
		"profile":                     {keys, nil, configure, "ap-file", "", ""},
		"profile over pod":            {keysAnd(func(a *credentials.Arguments) { a.EnablePodOIDC = true }), pod, configure, "ap-file", "", ""},
		"pod":                         {keysAnd(func(a *credentials.Arguments) { a.EnablePodOIDC = true }), pod, "", "ap-tke", "", ""},
		"pod not selected":            {keys, pod, "", "", "", ""},
		"profile without a region":    {keys, nil, `{"_sys_param":{}}`, "", "", ""},
		"broken default profile":      {keys, nil, `{"_sys_param":[]}`, "", "default.configure cannot be read: key _sys_param has a value of the wrong type", ""},
		"broken profile, not needed":  {keysAnd(func(a *credentials.Arguments) { a.Region = "ap-arg" }), nil, `hush`, "ap-arg", "", ""},
		"broken profile, by its name": {keysAnd(func(a *credentials.Arguments) { a.Profile = "default" }), nil, `{"_sys_param":{"region":1}}`, "", "", "default.configure cannot be read: key _sys_param.region has a value of the wrong type"},
		"named profile not there":     {keysAnd(func(a *credentials.Arguments) { a.Profile = "dev" }), nil, "", "", "", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			machine.variables = test.variables
			if test.configure != "" {
				write(t, test.configure, machine.home, ".tccli", "default.configure")
			}
			if test.fails != "" {
				_, err := machine.refuse(t, test.arguments)
				if got := sourceError(t, err).Err.Error(); got != test.fails {
					t.Errorf("error = %q, want %q", got, test.fails)
				}
				return
			}
			resolved := machine.resolve(t, test.arguments)
			if resolved.Region != test.want {
				t.Errorf("region %q, want %q", resolved.Region, test.want)
			}
			if test.warning != "" && !mentioned(resolved.Warnings, test.warning) {
				t.Errorf("warnings %q, want %q", resolved.Warnings, test.warning)
			}
			if test.warning == "" && mentioned(resolved.Warnings, "region is ignored") {
				t.Errorf("warnings %q", resolved.Warnings)
			}
		})
	}
}

func TestResolve_RegionWithError(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	resolved, _ := machine.refuse(t, credentials.Arguments{Region: "ap-tokyo", SecretID: secret.New("half")})
	if resolved.Region != "ap-tokyo" || resolved.Source != nil {
		t.Errorf("resolved %+v", resolved)
	}
	if resolved := machine.resolve(t, credentials.Arguments{Region: "ap-tokyo"}); resolved.Region != "ap-tokyo" {
		t.Errorf("without a key the region is %q", resolved.Region)
	}
}
