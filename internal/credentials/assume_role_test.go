package credentials_test

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	tokenVariable = "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN"
	fileVariable  = "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN_FILE"
)

func TestAssumeRoleParameters(t *testing.T) {
	t.Parallel()
	const policy = `{"version":"2.0","statement":[{"effect":"allow","action":"trtc:* x"}]}`
	variables := map[string]string{
		"TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME": "env", "TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION": " 60 ",
		"TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID": "env:id", "TENCENTCLOUD_REGION": "ap-jakarta",
	}
	block := credentials.AssumeRole{RoleARN: "r", SessionName: "s1", SessionDuration: 43200, Policy: policy, ExternalID: "x:/1"}
	for _, test := range []struct {
		role           credentials.AssumeRole
		region         string
		variables      map[string]string
		want, atRegion string
	}{
		{credentials.AssumeRole{RoleARN: "r"}, "", nil, "DurationSeconds:7200 RoleArn:r RoleSessionName:terraform-provider-trtc", "ap-singapore"},
		{credentials.AssumeRole{RoleARN: "r"}, "", variables, "DurationSeconds:60 ExternalId:env:id RoleArn:r RoleSessionName:env", "ap-jakarta"},
		{block, "ap-tokyo", variables, "DurationSeconds:43200 ExternalId:x:/1 Policy:" + url.QueryEscape(policy) + " RoleArn:r RoleSessionName:s1", "ap-tokyo"},
	} {
		machine := newWorld(t)
		machine.variables = test.variables
		arguments := withRole(test.role)
		arguments.Region = test.region
		machine.use(t, machine.resolve(t, arguments).Source)
		call := machine.wire()[0]
		if got := fmt.Sprint(call.Parameters); got != "map["+test.want+"]" || call.Region != test.atRegion {
			t.Errorf("sent %s to %s\nwant %s to %s", got, call.Region, test.want, test.atRegion)
		}
	}
}

func TestSessionName(t *testing.T) {
	t.Parallel()
	for name, valid := range map[string]bool{
		"x": false, "x1": true, "_+=,.@-": true, "a:b": false, "a b": false, "äöü": false, "a\xffb": false, "ab\ncd": false,
		strings.Repeat("Zz09", 32): true, strings.Repeat("z", 129): false,
	} {
		arguments := withRole(credentials.AssumeRole{RoleARN: "r", SessionName: name})
		if _, err := credentials.Resolve(arguments, newWorld(t).environment()); (err == nil) != valid {
			t.Errorf("%q as a session name: %v, want valid: %t", name, err, valid)
		}
	}
}

func TestWebIdentityParameters(t *testing.T) {
	t.Parallel()
	const defaults = "OIDC terraform-provider-trtc 7200 "
	for name, test := range map[string]struct {
		// FILE in it stands for a file that holds "jwt-file".
		block     *credentials.WebIdentity
		variables map[string]string
		// want has the provider, the session, the duration and the token.
		want    string
		warning string
	}{
		"token": {
			block: &credentials.WebIdentity{RoleARN: "r", WebIdentityToken: secret.New(" jwt ")},
			want:  defaults + "jwt",
		},
		"file": {
			block: &credentials.WebIdentity{RoleARN: "r", WebIdentityTokenFile: "FILE", ProviderID: "p", SessionName: "s1", SessionDuration: 900},
			want:  "p s1 900 jwt-file",
		},
		"token and file": {
			block:   &credentials.WebIdentity{RoleARN: "r", WebIdentityToken: secret.New("jwt"), WebIdentityTokenFile: "FILE"},
			want:    defaults + "jwt",
			warning: "web_identity_token_file is ignored because web_identity_token is set too",
		},
		"file argument over token variable": {
			block:     &credentials.WebIdentity{RoleARN: "r", WebIdentityTokenFile: "FILE"},
			variables: map[string]string{tokenVariable: "jwt-env"},
			want:      defaults + "jwt-file",
			warning:   tokenVariable + " is ignored because web_identity_token_file is set too",
		},
		"block completed by variables": {
			block: &credentials.WebIdentity{},
			variables: map[string]string{
				"TENCENTCLOUD_ASSUME_ROLE_ARN": "r", "TENCENTCLOUD_ASSUME_ROLE_PROVIDER_ID": "env", fileVariable: "FILE",
				"TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME": "name", "TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION": "60",
			},
			want: "env name 60 jwt-file",
		},
		"variables only": {
			variables: map[string]string{"TENCENTCLOUD_ASSUME_ROLE_ARN": "r", fileVariable: "FILE"},
			want:      defaults + "jwt-file",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			file := write(t, "jwt-file\n", machine.home, "token")
			for name, value := range test.variables {
				machine.variables[name] = strings.ReplaceAll(value, "FILE", file)
			}
			if test.block != nil {
				test.block.WebIdentityTokenFile = strings.ReplaceAll(test.block.WebIdentityTokenFile, "FILE", file)
			}
			resolved := machine.resolve(t, credentials.Arguments{AssumeRoleWithWebIdentity: test.block})
			machine.use(t, resolved.Source)
			sent := machine.wire()[0].Parameters
			got := fmt.Sprint(sent["ProviderId"], " ", sent["RoleSessionName"], " ", sent["DurationSeconds"], " ", sent["WebIdentityToken"])
			if got != test.want || sent["RoleArn"] != "r" || len(sent) != 5 {
				t.Errorf("sent %v, want %s", sent, test.want)
			}
			warnings := slices.Concat(resolved.Warnings, resolved.VariableWarnings)
			if test.warning == "" && len(warnings) > 0 || test.warning != "" && !mentioned(warnings, test.warning) {
				t.Errorf("warnings %q, want %q", warnings, test.warning)
			}
		})
	}
}

func TestWebIdentityTokenFile(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	file := filepath.Join(machine.home, "token")
	// The file is read at each renewal, so it does not have to exist yet.
	source := machine.resolve(t, credentials.Arguments{
		AssumeRoleWithWebIdentity: &credentials.WebIdentity{RoleARN: "r", WebIdentityTokenFile: file},
	}).Source
	const noToken = "it holds neither a token nor JSON with the key web_identity_token"
	for _, test := range []struct{ content, token, says string }{
		{"-", "", ""},
		{"eyJh.bGci.O-_\n", "eyJh.bGci.O-_", ""},
		{"\xef\xbb\xbf {\"web_identity_token\": \" eyJh \", \"more\": 1}\n", "eyJh", ""},
		{" \n", "", "it is empty"},
		{`{"token":"hush"}`, "", noToken},
		{`{"web_identity_token":""}`, "", noToken},
		{`{"web_identity_token":12345}`, "", noToken},
		{`{"web_identity_token":"hush`, "", noToken},
		{"hush\nhidden", "", noToken},
		{"hush\x00", "", noToken},
		{strings.Repeat("h", 1<<20+1), "", "it is larger than 1 MiB"},
	} {
		if test.content != "-" {
			write(t, test.content, file)
		}
		machine.clock.Advance(2 * time.Hour)
		if test.token != "" {
			machine.use(t, source)
			if got := machine.wire()[0].Parameters["WebIdentityToken"]; got != test.token {
				t.Errorf("sent token %q, want %q", got, test.token)
			}
			continue
		}
		err := machine.fail(t, source)
		if want := "web identity token file " + file + " cannot be read: " + test.says; !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want %s", err, want)
		}
		if got := sourceError(t, err).Attribute; got != "assume_role_with_web_identity" {
			t.Errorf("the error is about %q", got)
		}
		if calls := machine.wire(); len(calls) > 0 {
			t.Errorf("calls without a token: %v", calls)
		}
	}
}

func podWorld(t *testing.T) *world {
	t.Helper()
	machine := newWorld(t)
	machine.variables = podVariables(write(t, "jwt", machine.home, "token"))
	return machine
}

func TestPodOIDC(t *testing.T) {
	t.Parallel()
	machine := podWorld(t)
	arguments := credentials.Arguments{EnablePodOIDC: true, Region: "ap-tokyo", AssumeRole: &credentials.AssumeRole{RoleARN: "block"}}
	resolved := machine.resolve(t, arguments)
	machine.use(t, resolved.Source)
	calls := machine.wire()
	want := "[AssumeRoleWithWebIdentity pod by SKIP AssumeRole block by ID-pod TOKEN-pod Use by ID-block TOKEN-block]"
	if fmt.Sprint(calls) != want {
		t.Fatalf("on the wire: %v\nwant %s", calls, want)
	}
	parameters := map[string]any{
		"RoleArn": "pod", "ProviderId": "tke", "RoleSessionName": "terraform-provider-trtc", "DurationSeconds": 7200.0, "WebIdentityToken": "jwt",
	}
	if fmt.Sprint(calls[0].Parameters) != fmt.Sprint(parameters) {
		t.Errorf("sent %v\nwant %v", calls[0].Parameters, parameters)
	}
	if calls[0].Region != "ap-tke" || calls[1].Region != "ap-tokyo" {
		t.Errorf("sent to %s and %s, want TKE_REGION for the pod's role only", calls[0].Region, calls[1].Region)
	}
}

func TestPodOIDC_MissingVariables(t *testing.T) {
	t.Parallel()
	for _, missing := range []string{"TKE_REGION", "TKE_PROVIDER_ID", "TKE_WEB_IDENTITY_TOKEN_FILE", "TKE_ROLE_ARN"} {
		machine := podWorld(t)
		machine.variables[missing] = ""
		_, err := machine.refuse(t, credentials.Arguments{EnablePodOIDC: true})
		if !strings.HasPrefix(err.Error(), "enable_pod_oidc: "+missing+" is not set") {
			t.Errorf("without %s: %v", missing, err)
		}
	}
	_, err := newWorld(t).refuse(t, credentials.Arguments{EnablePodOIDC: true})
	if !strings.Contains(err.Error(), "TKE_REGION, TKE_PROVIDER_ID, TKE_WEB_IDENTITY_TOKEN_FILE and TKE_ROLE_ARN are not set") {
		t.Errorf("without any: %v", err)
	}
}
