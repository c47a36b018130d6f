package credentials_test

import (
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

func TestRegion(t *testing.T) {
	t.Parallel()
	keys := credentials.Arguments{SecretID: "ID", SecretKey: secret.New("k")}
	with := func(change func(*credentials.Arguments)) credentials.Arguments {
		arguments := keys
		change(&arguments)
		return arguments
	}
	pod := map[string]string{"TKE_REGION": "ap-tke", "TKE_PROVIDER_ID": "p", "TKE_WEB_IDENTITY_TOKEN_FILE": "f", "TKE_ROLE_ARN": "r"}
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
		"argument":                    {with(func(a *credentials.Arguments) { a.Region = "ap-arg" }), map[string]string{"TENCENTCLOUD_REGION": "ap-env"}, configure, "ap-arg", "", ""},
		"variable":                    {keys, map[string]string{"TENCENTCLOUD_REGION": " ap-env "}, configure, "ap-env", "", ""},
		"profile":                     {keys, nil, configure, "ap-file", "", ""},
		"profile over pod":            {with(func(a *credentials.Arguments) { a.EnablePodOIDC = true }), pod, configure, "ap-file", "", ""},
		"pod":                         {with(func(a *credentials.Arguments) { a.EnablePodOIDC = true }), pod, "", "ap-tke", "", ""},
		"pod not asked for":           {keys, pod, "", "", "", ""},
		"profile without a region":    {keys, nil, `{"_sys_param":{}}`, "", "", ""},
		"profile without parameters":  {keys, nil, `{"_sys_param":null}`, "", "", ""},
		"broken default profile":      {keys, nil, `{"_sys_param":[]}`, "", "default.configure: key _sys_param is not a JSON object", ""},
		"unreadable default profile":  {keys, nil, `hush`, "", "default.configure cannot be read: it is not a JSON object", ""},
		"broken profile, not needed":  {with(func(a *credentials.Arguments) { a.Region = "ap-arg" }), nil, `hush`, "ap-arg", "", ""},
		"broken profile, by its name": {with(func(a *credentials.Arguments) { a.Profile = "default" }), nil, `{"_sys_param":{"region":1}}`, "", "", "default.configure: key region is not a string"},
		"named profile not there":     {with(func(a *credentials.Arguments) { a.Profile = "dev" }), nil, "", "", "", ""},
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
			if test.warning != "" && !warned(resolved, test.warning) {
				t.Errorf("warnings %q, want %q", resolved.Warnings, test.warning)
			}
			if test.warning == "" && warned(resolved, "region is ignored") {
				t.Errorf("warnings %q", resolved.Warnings)
			}
		})
	}
}

// What was found is of use to whoever reports the error.
func TestRegionIsGivenBesideAnError(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	resolved, _ := machine.refuse(t, credentials.Arguments{Region: "ap-tokyo"})
	if resolved.Region != "ap-tokyo" || resolved.Source != nil {
		t.Errorf("resolved %+v", resolved)
	}
}
