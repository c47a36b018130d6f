package credentials_test

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

func TestNothingFound(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		arguments credentials.Arguments
		variables map[string]string
		variable  string // why TENCENTCLOUD_SECRET_ID and _KEY gave nothing
		web       string // why web identity gave nothing
	}{
		"nothing at all": {credentials.Arguments{}, nil, "not set", "assume_role_with_web_identity is not set, and neither are its variables"},
		"empty variables": {
			credentials.Arguments{},
			map[string]string{"TENCENTCLOUD_SECRET_ID": "", "TENCENTCLOUD_SECRET_KEY": ""},
			"TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY: set but empty", "assume_role_with_web_identity is not set, and neither are its variables",
		},
		"a token alone": {
			credentials.Arguments{},
			map[string]string{"TENCENTCLOUD_SECURITY_TOKEN": "t"},
			"TENCENTCLOUD_SECURITY_TOKEN is set but TENCENTCLOUD_SECRET_ID is not", "assume_role_with_web_identity is not set, and neither are its variables",
		},
		"a role block": {
			credentials.Arguments{AssumeRole: &credentials.AssumeRole{RoleARN: "r"}},
			nil,
			"not set", "assume_role is set instead, which needs keys to assume the role",
		},
		"a role variable": {
			credentials.Arguments{},
			map[string]string{"TENCENTCLOUD_ASSUME_ROLE_ARN": "r"},
			"not set", "TENCENTCLOUD_ASSUME_ROLE_ARN is set but no web identity token is, so keys are needed to assume the role",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			machine.variables = test.variables
			err := machine.fail(t, machine.resolve(t, test.arguments).Source)
			var notFound *credentials.NotFoundError
			if !errors.As(err, &notFound) {
				t.Fatalf("error is %T %v", err, err)
			}
			if calls := machine.wire(); len(calls) > 0 {
				t.Errorf("calls without a key: %v", calls)
			}
			want := strings.Join([]string{
				"no credentials to sign requests with; sources tried:",
				"arguments secret_id and secret_key: not set",
				"variables TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY: " + test.variable,
				"profile default in " + filepath.Join(machine.home, ".tccli") + ": default.credential does not exist",
				"CVM role: neither cam_role_name nor TENCENTCLOUD_CAM_ROLE_NAME is set",
				"pod OIDC: enable_pod_oidc is not set",
				"web identity: " + test.web,
			}, "\n- ")
			if err.Error() != want {
				t.Errorf("error:\n%v\nwant:\n%s", err, want)
			}
		})
	}
}

// Only one error has the list: that of the first call that is not canceled.
func TestNothingFoundIsListedOnce(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string]credentials.Arguments{
		"no role": {}, "role": {AssumeRole: &credentials.AssumeRole{RoleARN: "r"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			source := machine.resolve(t, arguments).Source
			if _, err := source.Retrieve(canceled(t)); err == nil || strings.Contains(err.Error(), "\n") {
				t.Errorf("a canceled call gets %v", err)
			}
			var calls sync.WaitGroup
			var listed atomic.Int64
			for range 20 {
				calls.Go(func() {
					_, err := source.Retrieve(t.Context())
					switch {
					case err == nil:
						t.Error("no error")
					case strings.Contains(err.Error(), "\n- CVM role: "):
						listed.Add(1)
					case err.Error() != "no credentials to sign requests with; another error of this run lists the sources tried":
						t.Errorf("error = %v", err)
					}
				})
			}
			calls.Wait()
			if listed.Load() != 1 {
				t.Errorf("the sources are listed %d times, want once", listed.Load())
			}
		})
	}
}

func TestRefusedSettings(t *testing.T) {
	t.Parallel()
	keys := map[string]string{"TENCENTCLOUD_SECRET_ID": "i", "TENCENTCLOUD_SECRET_KEY": "k"}
	role := func(change func(*credentials.AssumeRole)) credentials.Arguments {
		block := credentials.AssumeRole{RoleARN: "r"}
		change(&block)
		return credentials.Arguments{AssumeRole: &block}
	}
	tests := map[string]struct {
		arguments credentials.Arguments
		variables map[string]string
		attribute string
		want      string
	}{
		"id argument alone":  {credentials.Arguments{SecretID: secret.New("i")}, nil, "secret_key", "secret ID and secret key: secret_id is set but neither secret_key nor TENCENTCLOUD_SECRET_KEY is"},
		"key argument alone": {credentials.Arguments{SecretKey: secret.New("k")}, nil, "secret_id", "secret ID and secret key: secret_key is set but neither secret_id nor TENCENTCLOUD_SECRET_ID is"},
		"id variable alone":  {credentials.Arguments{}, map[string]string{"TENCENTCLOUD_SECRET_ID": "i"}, "secret_key", "secret ID and secret key: TENCENTCLOUD_SECRET_ID is set but TENCENTCLOUD_SECRET_KEY is not"},
		"key variable alone": {credentials.Arguments{}, map[string]string{"TENCENTCLOUD_SECRET_KEY": "k"}, "secret_id", "secret ID and secret key: TENCENTCLOUD_SECRET_KEY is set but TENCENTCLOUD_SECRET_ID is not"},

		"role without ARN":   {role(func(b *credentials.AssumeRole) { b.RoleARN = " " }), keys, "assume_role", "assume_role: role_arn is not set, and neither is TENCENTCLOUD_ASSUME_ROLE_ARN"},
		"session name":       {role(func(b *credentials.AssumeRole) { b.SessionName = "a b" }), keys, "assume_role", "session_name of assume_role: it must be 2 to 128 letters, digits and _+=,.@- only"},
		"duration too long":  {role(func(b *credentials.AssumeRole) { b.SessionDuration = 43201 }), keys, "assume_role", "session_duration of assume_role: it must be a whole number of seconds from 1 to 43200"},
		"duration below 0":   {role(func(b *credentials.AssumeRole) { b.SessionDuration = -1 }), keys, "assume_role", "session_duration of assume_role: it must be a whole number of seconds from 1 to 43200"},
		"external id":        {role(func(b *credentials.AssumeRole) { b.ExternalID = "x" }), keys, "assume_role", "external_id of assume_role: it must be 2 to 128 letters, digits and _+=,.@:/- only"},
		"malformed duration": {role(func(*credentials.AssumeRole) {}), map[string]string{"TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION": "2h"}, "assume_role", "TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION: it must be a whole number of seconds from 1 to 43200"},
		"session variable":   {role(func(*credentials.AssumeRole) {}), map[string]string{"TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME": "/"}, "assume_role", "TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME: it must be 2 to 128 letters, digits and _+=,.@- only"},

		"web identity without ARN": {
			credentials.Arguments{AssumeRoleWithWebIdentity: &credentials.WebIdentity{WebIdentityToken: secret.New("t")}},
			nil, "assume_role_with_web_identity",
			"assume_role_with_web_identity: role_arn is not set, and neither is TENCENTCLOUD_ASSUME_ROLE_ARN",
		},
		"web identity without token": {
			credentials.Arguments{AssumeRoleWithWebIdentity: &credentials.WebIdentity{RoleARN: "r"}},
			nil, "assume_role_with_web_identity",
			"assume_role_with_web_identity: neither web_identity_token nor web_identity_token_file is set, and neither is " + tokenVariable + " or " + fileVariable,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			machine.variables = test.variables
			_, err := machine.refuse(t, test.arguments)
			if err.Error() != test.want {
				t.Errorf("error = %v\nwant    %s", err, test.want)
			}
			if got := sourceError(t, err).Attribute; got != test.attribute {
				t.Errorf("the error is about %q, want %q", got, test.attribute)
			}
		})
	}
}
