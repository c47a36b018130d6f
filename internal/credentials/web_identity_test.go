package credentials_test

import (
	"errors"
	"fmt"
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
			if test.warning != "" && !warned(resolved, test.warning) {
				t.Errorf("warnings %q, want %q", resolved.Warnings, test.warning)
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
			var failed *credentials.TokenFileError
			if !errors.As(err, &failed) || failed.Path != file {
				t.Errorf("error is %T, want a *TokenFileError", err)
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
