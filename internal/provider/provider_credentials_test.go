package provider_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

const (
	otherID, otherSecret          = "AKIDother", "other-secret-key"
	temporaryID, temporarySecret  = "AKIDtemporary", "temporary-secret-key"
	temporaryToken                = "temporary-token"
	idVariable, keyVariable       = "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"
	tokenVariable                 = "TENCENTCLOUD_SECURITY_TOKEN"
	assumeRole                    = "AssumeRole"
	assumeRoleWithWebIdentity     = "AssumeRoleWithWebIdentity"
	roleARN                       = "qcs::cam::uin/100000000001:roleName/deploy"
	machineRole, machineRoleCalls = "machine", "metadata:machine"
)

// severalKeys is an account with three keys, of which one is temporary, and
// the roles of a machine.
func severalKeys(options *trtcmock.Options) {
	options.Credentials = map[string]string{
		acctest.SecretID: acctest.SecretKey, otherID: otherSecret, temporaryID: temporarySecret,
	}
	options.Tokens = map[string]string{temporaryID: temporaryToken}
	options.WebIdentityTokens = map[string]bool{"jwt-one": true, "jwt-two": true}
	options.CVMRoles = []string{machineRole}
}

// keyWorld is a World with severalKeys, an environment and a home directory.
func keyWorld(t *testing.T, variables map[string]string, changes ...func(*trtcmock.Options)) (world *acctest.World, home string) {
	t.Helper()
	world, home = acctest.NewWorld(t, append([]func(*trtcmock.Options){severalKeys}, changes...)...), t.TempDir()
	world.Setenv(variables)
	world.Options.HomeDir = func() (string, error) { return home, nil }
	world.Options.MetadataURL = world.URL
	return world, home
}

// keyValues are the arguments of a provider that is given no key.
func keyValues(world *acctest.World, changes tfcore.Values) tfcore.Values {
	return world.ProviderValues(tfcore.Values{"secret_id": nil, "secret_key": nil, "sts_endpoint": world.URL}).With(changes)
}

// keyProvider is a provider with these credential arguments only, configured for
// the mock.
func keyProvider(t *testing.T, world *acctest.World, changes tfcore.Values) *tfcore.Provider {
	t.Helper()
	connected := world.Connect(t)
	if said := connected.Configure(t.Context(), keyValues(world, changes)); said.HasErrors() {
		t.Fatalf("the provider says: %s", said)
	}
	return connected
}

// readTask makes one signed call.
func readTask(t *testing.T, connected *tfcore.Provider) tfcore.Diagnostics {
	t.Helper()
	_, said := connected.ReadData(t.Context(), acctest.DataSourceType, tfcore.Values{"sdk_app_id": acctest.SdkAppID, "task_id": "some-task"})
	return said
}

func writeFile(t *testing.T, text string, elements ...string) {
	t.Helper()
	file := filepath.Join(elements...)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestCredentials checks which key signs, whether its token is sent, and in which
// region. Package credentials tests the sources and their order.
func TestCredentials(t *testing.T) {
	t.Parallel()
	temporary := map[string]string{idVariable: temporaryID, keyVariable: temporarySecret, tokenVariable: temporaryToken}
	arguments := tfcore.Values{"secret_id": acctest.SecretID, "secret_key": acctest.SecretKey}
	for name, test := range map[string]struct {
		arguments tfcore.Values
		variables map[string]string
		signs     string
		withToken bool
		region    string
	}{
		"variables":                {nil, temporary, temporaryID, true, acctest.Region},
		"arguments over variables": {arguments, temporary, acctest.SecretID, false, acctest.Region},
		"token of the arguments":   {tfcore.Values{"secret_id": temporaryID, "secret_key": temporarySecret, "security_token": temporaryToken}, nil, temporaryID, true, acctest.Region},
		"named profile":            {tfcore.Values{"profile": "ci", "shared_credentials_dir": "~/keys", "region": nil}, nil, otherID, false, "ap-mumbai"},
		"arguments over a profile": {arguments.With(tfcore.Values{"profile": "ci", "shared_credentials_dir": "~/keys", "region": "ap-jakarta"}), nil, acctest.SecretID, false, "ap-jakarta"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world, home := keyWorld(t, test.variables)
			writeFile(t, `{"secretId":"`+otherID+`","secretKey":"`+otherSecret+`"}`, home, "keys", "ci.credential")
			writeFile(t, `{"_sys_param":{"region":"ap-mumbai"}}`, home, "keys", "ci.configure")
			acctest.ExpectSuccess(t, readTask(t, keyProvider(t, world, test.arguments)))
			call := world.LastCall(t, acctest.Describe)
			if call.SecretID != test.signs || call.TokenSent != test.withToken || call.Region != test.region {
				t.Errorf("%s signed in %s, token sent: %t; want %s in %s, %t", call.SecretID, call.Region, call.TokenSent, test.signs, test.region, test.withToken)
			}
			world.ExpectJournal(t, acctest.Describe)
		})
	}
}

// TestAccCredentialsUnknown plans with a key that is known only after another
// resource is applied.
func TestAccCredentialsUnknown(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.TerraformData)
	world := acctest.NewWorld(t)
	block := "provider \"trtc\" {\n  endpoint = \"" + world.URL + "\"\n  region = \"" + acctest.Region + "\"\n" +
		"  secret_id = terraform_data.key.output.id\n  secret_key = terraform_data.key.output.key\n}\n" +
		"resource \"terraform_data\" \"key\" {\n  input = { id = \"" + acctest.SecretID + "\", key = \"" + acctest.SecretKey + "\" }\n}\n"
	world.Run(t, world.Step(t, acctest.Apply{
		Config: block + world.StreamIngest(t, nil),
		Action: plancheck.ResourceActionCreate,
		Calls:  []string{acctest.Start},
	}))
}

// static is the key that assumes a role.
func static(changes tfcore.Values) tfcore.Values {
	return tfcore.Values{"secret_id": acctest.SecretID, "secret_key": acctest.SecretKey}.With(changes)
}

// TestCredentialsOfRole checks the call that issues a role's key, and that the
// key signs the calls after it.
func TestCredentialsOfRole(t *testing.T) {
	t.Parallel()
	for issuer, test := range map[string]struct {
		arguments tfcore.Values
		want      trtcmock.Call
	}{
		assumeRole: {
			static(tfcore.Values{"assume_role": tfcore.Values{
				"role_arn": roleARN, "session_name": "ci-run-7", "session_duration": 900, "policy": `{"version":"2.0"}`, "external_id": "partner:7",
			}}),
			trtcmock.Call{
				SecretID: acctest.SecretID, RoleArn: roleARN, SessionName: "ci-run-7",
				Parameters: []string{"DurationSeconds", "ExternalId", "Policy", "RoleArn", "RoleSessionName"},
			},
		},
		assumeRoleWithWebIdentity: {
			tfcore.Values{"assume_role_with_web_identity": tfcore.Values{
				"role_arn": roleARN, "provider_id": "github", "web_identity_token": "jwt-one", "session_name": "ci", "session_duration": 900,
			}},
			trtcmock.Call{
				RoleArn: roleARN, SessionName: "ci",
				Parameters: []string{"DurationSeconds", "ProviderId", "RoleArn", "RoleSessionName", "WebIdentityToken"},
			},
		},
		machineRoleCalls: {arguments: tfcore.Values{"cam_role_name": machineRole}},
	} {
		t.Run(issuer, func(t *testing.T) {
			t.Parallel()
			world, _ := keyWorld(t, nil)
			connected := keyProvider(t, world, test.arguments)
			world.ExpectJournal(t)
			for range 2 {
				acctest.ExpectSuccess(t, readTask(t, connected))
			}
			got := world.LastCall(t, issuer)
			if got.SecretID != test.want.SecretID || got.RoleArn != test.want.RoleArn ||
				got.SessionName != test.want.SessionName || !slices.Equal(got.Parameters, test.want.Parameters) {
				t.Errorf("the key was issued with %+v, want %+v", got, test.want)
			}
			if call := world.LastCall(t, acctest.Describe); !call.TokenSent || call.SecretID == acctest.SecretID {
				t.Errorf("signed by %s, token sent: %t; want the role's key", call.SecretID, call.TokenSent)
			}
			world.ExpectJournal(t, issuer, acctest.Describe, acctest.Describe)
		})
	}
}

// TestCredentialsOfTokenFile checks that the file is read at each renewal, and that
// "~" is expanded.
func TestCredentialsOfTokenFile(t *testing.T) {
	t.Parallel()
	world, home := keyWorld(t, nil)
	connected := keyProvider(t, world, tfcore.Values{
		"assume_role_with_web_identity": tfcore.Values{"role_arn": roleARN, "web_identity_token_file": " ~/token\n"},
	})
	for _, token := range []string{"jwt-one\n", `{"web_identity_token":"jwt-two"}`} {
		writeFile(t, token, home, "token")
		acctest.ExpectSuccess(t, readTask(t, connected))
		world.ExpectJournal(t, assumeRoleWithWebIdentity, acctest.Describe)
		world.Clock.Advance(2 * time.Hour)
	}
	writeFile(t, "jwt-revoked", home, "token")
	acctest.ExpectError(t, readTask(t, connected), "", "STS does not accept the web identity token", "Get a new token", "Code: ")
}
