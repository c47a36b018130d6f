package provider_test

import (
	"path/filepath"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestCredentialsMissing configures a provider without keys: the plan of a start
// warns, the first operation that needs a key lists the sources, and the others
// refer to that.
func TestCredentialsMissing(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string]tfcore.Values{
		"no keys": nil, "empty arguments": {"secret_id": "", "secret_key": " "},
		"role without keys": {"assume_role": tfcore.Values{"role_arn": roleARN}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world, home := keyWorld(t, map[string]string{idVariable: "", keyVariable: " "})
			connected := keyProvider(t, world, arguments)
			session := connected.Session(acctest.ResourceType)
			plan := session.Plan(t.Context(), world.Values(t, nil))
			acctest.ExpectWarning(t, plan.Diagnostics, "No credentials found. Sources tried, in order:\n- arguments secret_id and secret_key: not set")
			said := session.Apply(t.Context(), plan)
			acctest.ExpectError(t, said, "", "No credentials found. Sources tried, in order:",
				"- arguments secret_id and secret_key: not set",
				"- variables TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY: set but empty",
				"- profile default in "+filepath.Join(home, ".tccli")+": default.credential does not exist",
				"- CVM role: neither cam_role_name nor TENCENTCLOUD_CAM_ROLE_NAME is set",
				"- pod OIDC: enable_pod_oidc is not set",
				"- web identity: assume_role",
				"Set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY",
			)
			_, stopped := connected.Invoke(t.Context(), acctest.ResourceType+"_stop", tfcore.Values{"sdk_app_id": acctest.SdkAppID, "task_id": "some-task"})
			for _, said := range []tfcore.Diagnostics{readTask(t, connected), stopped} {
				acctest.ExpectError(t, said, "", "Could not ", sameTitle)
				if len(said.Mentioning("- CVM role")) > 0 {
					t.Errorf("the sources are listed again: %s", said)
				}
			}
			if session.State() != nil {
				t.Errorf("state is %v", session.State())
			}
			world.ExpectJournal(t)
		})
	}
}

// TestCredentialsNotNeeded checks that a ticket is minted without an API key.
func TestCredentialsNotNeeded(t *testing.T) {
	t.Parallel()
	connected := acctest.NewWorld(t).Connect(t)
	if diags := connected.Configure(t.Context(), nil); len(diags) > 0 {
		t.Fatal(diags)
	}
	if _, diags := connected.OpenEphemeral(t.Context(), userSigType, userSigValues(nil)); len(diags) > 0 {
		t.Error(diags)
	}
}

// TestCredentialsInvalid checks that settings that cannot be used are reported on
// their argument, before anything is sent, and without quoting a key. Package
// credentials tests more settings.
func TestCredentialsInvalid(t *testing.T) {
	t.Parallel()
	const canary = "canary-in-the-key"
	role := func(block tfcore.Values) tfcore.Values { return static(tfcore.Values{"assume_role": block}) }
	web := func(block tfcore.Values) tfcore.Values {
		return tfcore.Values{"assume_role_with_web_identity": block}
	}
	for name, test := range map[string]struct {
		arguments tfcore.Values
		variables map[string]string
		file      string
		attribute string
		mention   string
	}{
		"id alone":             {arguments: tfcore.Values{"secret_id": canary}, attribute: "secret_key", mention: "secret_id is set but"},
		"key variable alone":   {variables: map[string]string{keyVariable: canary}, attribute: "secret_id", mention: keyVariable + " is set but"},
		"session name":         {arguments: role(tfcore.Values{"role_arn": roleARN, "session_name": "a b"}), attribute: "assume_role", mention: "2 to 128"},
		"session duration":     {arguments: role(tfcore.Values{"role_arn": roleARN, "session_duration": 43201}), attribute: "assume_role.session_duration", mention: "43200"},
		"web role, no token":   {arguments: web(tfcore.Values{"role_arn": roleARN}), attribute: "assume_role_with_web_identity", mention: "web_identity_token_file"},
		"pod without variable": {arguments: tfcore.Values{"enable_pod_oidc": true}, variables: map[string]string{"TKE_REGION": "ap-singapore"}, attribute: "enable_pod_oidc", mention: "TKE_ROLE_ARN"},
		"no such profile":      {arguments: tfcore.Values{"profile": "ci"}, attribute: "profile", mention: "ci.credential does not exist"},
		"profile is not JSON":  {file: `{"secretKey":"` + canary, attribute: "profile", mention: "it is not a JSON object"},
		"SAML":                 {arguments: static(nil), variables: map[string]string{"TENCENTCLOUD_ASSUME_ROLE_SAML_ASSERTION": canary}, mention: "does not support SAML"},
		"id with a line break": {arguments: tfcore.Values{"secret_id": canary + "\nx", "secret_key": canary}, attribute: "secret_id", mention: "secret_id: it contains a line break"},
		"key variable with a zero-width space": {
			arguments: tfcore.Values{"secret_id": canary}, variables: map[string]string{keyVariable: canary + "\u200bx"}, attribute: "secret_key", mention: keyVariable + ": it contains",
		},
		"token variable with a control": {
			variables: map[string]string{idVariable: canary, keyVariable: canary, tokenVariable: canary + "\x00x"}, attribute: "security_token", mention: tokenVariable + ": it contains",
		},
		"region with a line break":  {arguments: static(tfcore.Values{"region": "ap-\nsingapore"}), attribute: "region", mention: "region: it contains"},
		"role with a line break":    {arguments: role(tfcore.Values{"role_arn": "qcs::cam::uin/1:roleName/\nx"}), attribute: "assume_role", mention: "assume_role: it contains"},
		"web token with line break": {arguments: web(tfcore.Values{"role_arn": roleARN, "web_identity_token": canary + "\n" + canary}), attribute: "assume_role_with_web_identity", mention: "web_identity_token: it contains"},
		"profile with a line break": {file: `{"secretId":"` + canary + `","secretKey":"` + canary + `\nx"}`, attribute: "profile", mention: "a key in default.credential cannot be used"},
		"CVM role with line break":  {arguments: tfcore.Values{"cam_role_name": "a\nb"}, attribute: "cam_role_name", mention: "cam_role_name: it contains"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world, home := keyWorld(t, test.variables)
			if test.file != "" {
				writeFile(t, test.file, home, ".tccli", "default.credential")
			}
			said := world.Connect(t).Configure(t.Context(), keyValues(world, test.arguments))
			acctest.ExpectError(t, said, test.attribute, test.mention)
			if len(said.Mentioning(canary)) > 0 {
				t.Errorf("%s quotes a key", said)
			}
			world.ExpectJournal(t)
		})
	}
}

// TestCredentialsRefused checks that the error of a key that TRTC refuses names where
// the key comes from, and that the call is sent once.
func TestCredentialsRefused(t *testing.T) {
	t.Parallel()
	const code = "AuthFailure.SomethingNew"
	runScenarios(t, map[string]scenario{
		"read": {
			begin: created, command: refresh, faults: []trtcmock.Fault{acctest.RejectAll("", code)}, calls: []string{acctest.Describe + ":" + code},
			fails: []string{"Code: " + code, "signed with the key from secret_id and secret_key."},
		},
		"start": {
			begin: planned, command: apply, faults: []trtcmock.Fault{acctest.RejectAll("", code)}, calls: []string{acctest.Start + ":" + code},
			fails: []string{"Code: " + code, "signed with the key from secret_id and secret_key."},
		},
	})
}
