package credentials_test

import (
	"cmp"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

func TestNotFoundError(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		arguments credentials.Arguments
		variables map[string]string
		keys      string // why TENCENTCLOUD_SECRET_ID and _KEY gave nothing
		web       string // why web identity gave nothing
	}{
		{},
		{
			variables: map[string]string{"TENCENTCLOUD_SECRET_ID": "", "TENCENTCLOUD_SECRET_KEY": ""},
			keys:      "TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY: set but empty",
		},
		{
			variables: map[string]string{"TENCENTCLOUD_SECURITY_TOKEN": "t"},
			keys:      "TENCENTCLOUD_SECURITY_TOKEN is set but TENCENTCLOUD_SECRET_ID is not",
		},
		{
			arguments: credentials.Arguments{AssumeRole: &credentials.AssumeRole{RoleARN: "r"}},
			web:       "assume_role is set instead, which needs keys to assume the role",
		},
		{
			variables: map[string]string{"TENCENTCLOUD_ASSUME_ROLE_ARN": "r"},
			web:       "TENCENTCLOUD_ASSUME_ROLE_ARN is set but no web identity token is, so keys are needed to assume the role",
		},
	} {
		machine := newWorld(t)
		machine.variables = test.variables
		resolved := machine.resolve(t, test.arguments)
		err := machine.fail(t, resolved.Source)
		if resolved.Missing == nil || !errors.Is(err, resolved.Missing) {
			t.Fatalf("error is %T %v, and Missing %v", err, err, resolved.Missing)
		}
		want := strings.Join([]string{
			"no credentials found; sources tried, in order:",
			"arguments secret_id and secret_key: not set",
			"variables TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY: " + cmp.Or(test.keys, "not set"),
			"profile default in " + filepath.Join(machine.home, ".tccli") + ": default.credential does not exist",
			"CVM role: neither cam_role_name nor TENCENTCLOUD_CAM_ROLE_NAME is set",
			"pod OIDC: enable_pod_oidc is not set",
			"web identity: " + cmp.Or(test.web, "assume_role_with_web_identity is not set, and neither are its variables"),
		}, "\n- ")
		if err.Error() != want {
			t.Errorf("error:\n%v\nwant:\n%s", err, want)
		}
	}
}

func TestResolve_InvalidSettings(t *testing.T) {
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
		"id argument alone":  {credentials.Arguments{SecretID: secret.New("i")}, nil, "secret_key", "API key: secret_id is set but neither secret_key nor TENCENTCLOUD_SECRET_KEY is. Set both or neither"},
		"key argument alone": {credentials.Arguments{SecretKey: secret.New("k")}, nil, "secret_id", "API key: secret_key is set but neither secret_id nor TENCENTCLOUD_SECRET_ID is. Set both or neither"},
		"id variable alone":  {credentials.Arguments{}, map[string]string{"TENCENTCLOUD_SECRET_ID": "i"}, "secret_key", "API key: TENCENTCLOUD_SECRET_ID is set but TENCENTCLOUD_SECRET_KEY is not. Set both or neither"},
		"key variable alone": {credentials.Arguments{}, map[string]string{"TENCENTCLOUD_SECRET_KEY": "k"}, "secret_id", "API key: TENCENTCLOUD_SECRET_KEY is set but TENCENTCLOUD_SECRET_ID is not. Set both or neither"},

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
