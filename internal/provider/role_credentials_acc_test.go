package provider_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// static is the key that a role is taken on with.
func static(changes tfcore.Values) tfcore.Values {
	return tfcore.Values{"secret_id": acctest.SecretID, "secret_key": acctest.SecretKey}.With(changes)
}

// TestAccCredentialsOfRole: the way to a role's key, and that the key it gives
// signs from then on.
func TestAccCredentialsOfRole(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments tfcore.Values
		variables map[string]string
		// issuer is the call that issued the key.
		issuer string
		want   trtcmock.Call
	}{
		"assume_role": {
			arguments: static(tfcore.Values{"assume_role": tfcore.Values{
				"role_arn": roleARN, "session_name": "ci-run-7", "session_duration": 900, "policy": `{"version":"2.0"}`, "external_id": "partner:7",
			}}),
			issuer: assumeRole,
			want: trtcmock.Call{
				SecretID: acctest.SecretID, RoleArn: roleARN, SessionName: "ci-run-7",
				Parameters: []string{"DurationSeconds", "ExternalId", "Policy", "RoleArn", "RoleSessionName"},
			},
		},
		"assume_role of variables": {
			arguments: static(nil),
			variables: map[string]string{"TENCENTCLOUD_ASSUME_ROLE_ARN": roleARN, "TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME": "of-variables"},
			issuer:    assumeRole,
			want: trtcmock.Call{
				SecretID: acctest.SecretID, RoleArn: roleARN, SessionName: "of-variables",
				Parameters: []string{"DurationSeconds", "RoleArn", "RoleSessionName"},
			},
		},
		"assume_role with a temporary key": {
			arguments: tfcore.Values{"assume_role": tfcore.Values{"role_arn": roleARN}},
			variables: map[string]string{idVariable: temporaryID, keyVariable: temporarySecret, tokenVariable: temporaryToken},
			issuer:    assumeRole,
			want: trtcmock.Call{
				SecretID: temporaryID, TokenSent: true, RoleArn: roleARN, SessionName: "terraform-provider-trtc",
				Parameters: []string{"DurationSeconds", "RoleArn", "RoleSessionName"},
			},
		},
		"web identity": {
			arguments: tfcore.Values{"assume_role_with_web_identity": tfcore.Values{
				"role_arn": roleARN, "provider_id": "github", "web_identity_token": "jwt-one", "session_name": "ci",
			}},
			issuer: assumeRoleWithWebIdentity,
			want: trtcmock.Call{
				RoleArn: roleARN, SessionName: "ci",
				Parameters: []string{"DurationSeconds", "ProviderId", "RoleArn", "RoleSessionName", "WebIdentityToken"},
			},
		},
		"web identity of variables": {
			variables: map[string]string{"TENCENTCLOUD_ASSUME_ROLE_ARN": roleARN, "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN": "jwt-two"},
			issuer:    assumeRoleWithWebIdentity,
			want: trtcmock.Call{
				RoleArn: roleARN, SessionName: "terraform-provider-trtc",
				Parameters: []string{"DurationSeconds", "ProviderId", "RoleArn", "RoleSessionName", "WebIdentityToken"},
			},
		},
		"cam_role_name": {
			arguments: tfcore.Values{"cam_role_name": machineRole},
			issuer:    machineRoleCalls,
		},
		"cam_role_name of a variable": {
			variables: map[string]string{"TENCENTCLOUD_CAM_ROLE_NAME": machineRole},
			issuer:    machineRoleCalls,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world, _ := keyWorld(t, test.variables)
			connected := keyProvider(t, world, test.arguments)
			world.ExpectJournal(t)
			for range 2 {
				if said := look(t, connected); said.HasErrors() {
					t.Fatal(said)
				}
			}
			issued := world.LastCall(t, test.issuer)
			got := trtcmock.Call{
				SecretID: issued.SecretID, TokenSent: issued.TokenSent,
				RoleArn: issued.RoleArn, SessionName: issued.SessionName, Parameters: issued.Parameters,
			}
			if got.SecretID != test.want.SecretID || got.TokenSent != test.want.TokenSent || got.RoleArn != test.want.RoleArn ||
				got.SessionName != test.want.SessionName || !slices.Equal(got.Parameters, test.want.Parameters) {
				t.Errorf("asked with %+v, want %+v", got, test.want)
			}
			expectIssuedKey(t, world)
			world.ExpectJournal(t, test.issuer, acctest.Describe, acctest.Describe)
		})
	}
}

// expectIssuedKey checks that the latest call was signed with a key that was
// issued and not given.
func expectIssuedKey(t *testing.T, world *acctest.World) {
	t.Helper()
	call := world.LastCall(t, acctest.Describe)
	given := []string{acctest.SecretID, otherID, temporaryID}
	if !call.TokenSent || !strings.HasPrefix(call.SecretID, "AKID") || slices.Contains(given, call.SecretID) {
		t.Errorf("signed by %s, token sent: %t; want the role's key", call.SecretID, call.TokenSent)
	}
}

// TestAccCredentialsOfTokenFile: the file is read again at each renewal, as an
// identity provider renews it.
func TestAccCredentialsOfTokenFile(t *testing.T) {
	t.Parallel()
	for name, inVariable := range map[string]bool{"argument": false, "variable": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "token")
			arguments := tfcore.Values{"assume_role_with_web_identity": tfcore.Values{"role_arn": roleARN, "web_identity_token_file": file}}
			variables := map[string]string{}
			if inVariable {
				arguments = nil
				variables = map[string]string{"TENCENTCLOUD_ASSUME_ROLE_ARN": roleARN, "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN_FILE": file}
			}
			world, _ := keyWorld(t, variables)
			writeFile(t, "jwt-one\n", file)
			connected := keyProvider(t, world, arguments)
			if said := look(t, connected); said.HasErrors() {
				t.Fatal(said)
			}
			world.Clock.Advance(2 * time.Hour)
			writeFile(t, `{"web_identity_token":"jwt-two"}`, file)
			if said := look(t, connected); said.HasErrors() {
				t.Fatal(said)
			}
			world.ExpectJournal(t, assumeRoleWithWebIdentity, acctest.Describe, assumeRoleWithWebIdentity, acctest.Describe)

			world.Clock.Advance(2 * time.Hour)
			writeFile(t, "jwt-revoked", file)
			acctest.ExpectError(t, look(t, connected), "", "No usable Tencent Cloud credentials", "Code: ")
		})
	}
}
