package credentials_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
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
	tests := map[string]struct {
		role      credentials.AssumeRole
		region    string
		variables map[string]string
		want      map[string]any
		at        string
	}{
		"defaults": {
			credentials.AssumeRole{RoleARN: "r"},
			"", nil,
			map[string]any{"RoleArn": "r", "RoleSessionName": "terraform-provider-trtc", "DurationSeconds": 7200.0},
			"ap-singapore",
		},
		"block": {
			credentials.AssumeRole{RoleARN: "r", SessionName: "s1", SessionDuration: 43200, Policy: policy, ExternalID: "x:/1"},
			"ap-tokyo",
			map[string]string{
				"TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME": "other", "TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION": "60",
				"TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID": "other",
			},
			map[string]any{
				"RoleArn": "r", "RoleSessionName": "s1", "DurationSeconds": 43200.0, "ExternalId": "x:/1", "Policy": url.QueryEscape(policy),
			},
			"ap-tokyo",
		},
		"variables": {
			credentials.AssumeRole{RoleARN: "r"},
			"",
			map[string]string{
				"TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME": "env", "TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION": " 60 ",
				"TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID": "env:id", "TENCENTCLOUD_REGION": "ap-jakarta",
			},
			map[string]any{"RoleArn": "r", "RoleSessionName": "env", "DurationSeconds": 60.0, "ExternalId": "env:id"},
			"ap-jakarta",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			machine.variables = test.variables
			arguments := withRole(test.role)
			arguments.Region = test.region
			machine.use(t, machine.resolve(t, arguments).Source)
			call := machine.wire()[0]
			if got, want := fmt.Sprint(call.Parameters), fmt.Sprint(test.want); got != want {
				t.Errorf("sent %s\nwant %s", got, want)
			}
			if call.Region != test.at {
				t.Errorf("sent to region %q, want %q", call.Region, test.at)
			}
		})
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
	tests := map[string]struct {
		// FILE and OTHER in it stand for files that hold "jwt-file" and "jwt-other".
		block     *credentials.WebIdentity
		variables map[string]string
		provider  string
		session   string
		duration  float64
		token     string
		warning   string
	}{
		"token":          {&credentials.WebIdentity{RoleARN: "r", WebIdentityToken: secret.New(" jwt ")}, nil, "OIDC", "terraform-provider-trtc", 7200, "jwt", ""},
		"file":           {&credentials.WebIdentity{RoleARN: "r", WebIdentityTokenFile: "FILE", ProviderID: "p", SessionName: "s1", SessionDuration: 900}, nil, "p", "s1", 900, "jwt-file", ""},
		"token and file": {&credentials.WebIdentity{RoleARN: "r", WebIdentityToken: secret.New("jwt"), WebIdentityTokenFile: "FILE"}, nil, "OIDC", "terraform-provider-trtc", 7200, "jwt", "web_identity_token_file is ignored because web_identity_token is set too"},
		"file argument over token variable": {
			&credentials.WebIdentity{RoleARN: "r", WebIdentityTokenFile: "FILE"},
			map[string]string{tokenVariable: "jwt-env"},
			"OIDC", "terraform-provider-trtc", 7200, "jwt-file", tokenVariable + " is ignored because web_identity_token_file is set too",
		},
		"block completed by variables": {
			&credentials.WebIdentity{},
			map[string]string{
				"TENCENTCLOUD_ASSUME_ROLE_ARN": "r", "TENCENTCLOUD_ASSUME_ROLE_PROVIDER_ID": "env", fileVariable: "FILE",
				"TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME": "name", "TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION": "60",
			},
			"env", "name", 60, "jwt-file", "",
		},
		"variables only": {
			nil,
			map[string]string{"TENCENTCLOUD_ASSUME_ROLE_ARN": "r", fileVariable: "FILE"},
			"OIDC", "terraform-provider-trtc", 7200, "jwt-file", "",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			file := write(t, "jwt-file\n", machine.home, "token")
			for name, value := range test.variables {
				machine.variables[name] = strings.ReplaceAll(value, "FILE", file)
			}
			arguments := credentials.Arguments{AssumeRoleWithWebIdentity: test.block}
			if test.block != nil {
				block := *test.block
				block.WebIdentityTokenFile = strings.ReplaceAll(block.WebIdentityTokenFile, "FILE", file)
				arguments.AssumeRoleWithWebIdentity = &block
			}
			resolved := machine.resolve(t, arguments)
			machine.use(t, resolved.Source)
			want := map[string]any{
				"RoleArn": "r", "ProviderId": test.provider, "RoleSessionName": test.session,
				"DurationSeconds": test.duration, "WebIdentityToken": test.token,
			}
			if got := machine.wire()[0].Parameters; fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("sent %v\nwant %v", got, want)
			}
			if test.warning != "" && !warned(resolved, test.warning) && !mentioned(resolved.VariableWarnings, test.warning) {
				t.Errorf("warnings %q and %q, want %q", resolved.Warnings, resolved.VariableWarnings, test.warning)
			}
		})
	}
}

func TestTokenFileIsReadAtEachRefresh(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	machine.setLife(1000 * time.Second)
	file := filepath.Join(machine.home, "token")
	// The file may appear as late as the first call.
	source := machine.resolve(t, credentials.Arguments{
		AssumeRoleWithWebIdentity: &credentials.WebIdentity{RoleARN: "r", WebIdentityTokenFile: file},
	}).Source
	var got []any
	for _, content := range []string{"first", `{"web_identity_token":"second"}`, "third"} {
		write(t, content, file)
		machine.use(t, source)
		machine.use(t, source)
		machine.clock.Advance(801 * time.Second)
	}
	for _, call := range machine.wire() {
		if call.Action == "AssumeRoleWithWebIdentity" {
			got = append(got, call.Parameters["WebIdentityToken"])
		}
	}
	if fmt.Sprint(got) != "[first second third]" {
		t.Errorf("tokens sent: %v", got)
	}
}

func TestTokenFiles(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		content string // "-" for no file
		token   string
		says    string
	}{
		"bare":           {"eyJh.bGci.O-_\n", "eyJh.bGci.O-_", ""},
		"JSON":           {"\xef\xbb\xbf {\"web_identity_token\": \" eyJh \", \"more\": 1}\n", "eyJh", ""},
		"no file":        {"-", "", "cannot be read"},
		"empty":          {" \n", "", "it is empty"},
		"other JSON":     {`{"token":"hush"}`, "", "neither a token nor JSON with the key web_identity_token"},
		"empty in JSON":  {`{"web_identity_token":""}`, "", "neither a token nor"},
		"number in JSON": {`{"web_identity_token":12345}`, "", "neither a token nor"},
		"broken JSON":    {`{"web_identity_token":"hush`, "", "neither a token nor"},
		"two lines":      {"hush\nhidden", "", "neither a token nor"},
		"binary":         {"hush\x00", "", "neither a token nor"},
		"too large":      {strings.Repeat("h", 1<<20+1), "", "it is larger than 1 MiB"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			file := filepath.Join(machine.home, "token")
			if test.content != "-" {
				write(t, test.content, file)
			}
			source := machine.resolve(t, credentials.Arguments{
				AssumeRoleWithWebIdentity: &credentials.WebIdentity{RoleARN: "r", WebIdentityTokenFile: file},
			}).Source
			if test.says == "" {
				machine.use(t, source)
				if got := machine.wire()[0].Parameters["WebIdentityToken"]; got != test.token {
					t.Errorf("sent token %q, want %q", got, test.token)
				}
				return
			}
			err := machine.fail(t, source)
			if want := "web identity token file " + file + " cannot be read: "; !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error = %v, want %s%s", err, want, test.says)
			}
			if got := sourceError(t, err).Attribute; got != "assume_role_with_web_identity" {
				t.Errorf("the error is about %q", got)
			}
			if calls := machine.wire(); len(calls) > 0 {
				t.Errorf("calls without a token: %v", calls)
			}
		})
	}
}

func TestRefusedTokenIsNotQuoted(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	source := machine.resolve(t, credentials.Arguments{
		AssumeRoleWithWebIdentity: &credentials.WebIdentity{RoleARN: "r", WebIdentityToken: secret.New("jwt-canary")},
	}).Source
	machine.next(refusal("InvalidParameter.WebIdentityTokenError", "bad token jwt-canary"))
	if err := machine.fail(t, source); strings.Contains(err.Error(), "canary") || len(machine.wire()) != 1 {
		t.Errorf("error = %v", err)
	}
}

func podWorld(t *testing.T) *world {
	t.Helper()
	machine := newWorld(t)
	machine.variables = map[string]string{
		"TKE_REGION": "ap-bangkok", "TKE_PROVIDER_ID": "tke", "TKE_ROLE_ARN": "pod",
		"TKE_WEB_IDENTITY_TOKEN_FILE": write(t, "jwt", machine.home, "token"),
	}
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
	if calls[0].Region != "ap-bangkok" || calls[1].Region != "ap-tokyo" {
		t.Errorf("sent to %s and %s, want TKE_REGION for the pod's role only", calls[0].Region, calls[1].Region)
	}
}

func TestPodOIDCNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	names := []string{"TKE_REGION", "TKE_PROVIDER_ID", "TKE_WEB_IDENTITY_TOKEN_FILE", "TKE_ROLE_ARN"}
	for _, missing := range names {
		machine := podWorld(t)
		machine.variables[missing] = ""
		_, err := machine.refuse(t, credentials.Arguments{EnablePodOIDC: true})
		if !strings.HasPrefix(err.Error(), "enable_pod_oidc: "+missing+" is not set") {
			t.Errorf("without %s: %v", missing, err)
		}
	}
	machine := newWorld(t)
	_, err := machine.refuse(t, credentials.Arguments{EnablePodOIDC: true})
	for _, name := range names {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("without any, %s is not named: %v", name, err)
		}
	}
}

func FuzzWebIdentityTokenFile(f *testing.F) {
	for _, seed := range []string{
		"eyJhbGciOiJSUzI1NiJ9.e30.c2ln\n", `{"web_identity_token":"eyJh"}`, ` {"web_identity_token": " x " } `,
		`{"web_identity_token":""}`, `{"web_identity_token":5}`, `{"web_identity_token":"a b"}`,
		`{}`, `{`, ``, " \n", "a b", "\x00", "é", `"quoted"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		sent := func(content []byte) (any, error) {
			machine := newWorld(t)
			source := machine.resolve(t, credentials.Arguments{AssumeRoleWithWebIdentity: &credentials.WebIdentity{
				RoleARN: "r", WebIdentityTokenFile: write(t, string(content), machine.home, "token"),
			}}).Source
			_, err := source.Retrieve(t.Context())
			calls := machine.wire()
			if (err == nil) != (len(calls) == 1) {
				t.Fatalf("%d calls and the error %v", len(calls), err)
			}
			if err != nil {
				return nil, err
			}
			return calls[0].Parameters["WebIdentityToken"], nil
		}
		token, err := sent(content)
		if err != nil {
			return
		}
		wrapped, err := json.Marshal(map[string]any{"web_identity_token": token})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := sent(wrapped); err != nil || again != token || token == "" {
			t.Errorf("as JSON the token %q is %q, %v", token, again, err)
		}
	})
}
