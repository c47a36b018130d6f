package provider_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	setVariables(world, variables)
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

// TestCredentials checks which key signs, and whether its token is sent, as the
// service sees it.
func TestCredentials(t *testing.T) {
	t.Parallel()
	other := map[string]string{idVariable: otherID, keyVariable: otherSecret}
	temporary := map[string]string{idVariable: temporaryID, keyVariable: temporarySecret, tokenVariable: temporaryToken}
	arguments := tfcore.Values{"secret_id": acctest.SecretID, "secret_key": acctest.SecretKey}
	for name, test := range map[string]struct {
		arguments tfcore.Values
		variables map[string]string
		// files are below the home directory.
		files     map[string]string
		signs     string
		withToken bool
	}{
		"arguments":                   {arguments: arguments, signs: acctest.SecretID},
		"variables":                   {variables: other, signs: otherID},
		"arguments over variables":    {arguments: arguments, variables: other, signs: acctest.SecretID},
		"no token of other variables": {arguments: arguments, variables: temporary, signs: acctest.SecretID},
		"empty arguments":             {arguments: tfcore.Values{"secret_id": "", "secret_key": ""}, variables: other, signs: otherID},
		"white space around": {
			arguments: tfcore.Values{"secret_id": " " + otherID + "\n", "secret_key": "\t" + otherSecret + "\r\n"}, signs: otherID,
		},
		"half an argument": {
			arguments: tfcore.Values{"secret_key": otherSecret}, variables: map[string]string{idVariable: otherID}, signs: otherID,
		},
		"token of the variables": {variables: temporary, signs: temporaryID, withToken: true},
		"token of the arguments": {
			arguments: tfcore.Values{"secret_id": temporaryID, "secret_key": temporarySecret, "security_token": temporaryToken},
			variables: other, signs: temporaryID, withToken: true,
		},
		"default profile": {
			files: map[string]string{".tccli/default.credential": `{"secretId":"` + otherID + `","secretKey":"` + otherSecret + `"}`},
			signs: otherID,
		},
		"named profile with a token": {
			arguments: tfcore.Values{"profile": "ci"},
			files: map[string]string{
				".tccli/default.credential": `{"secretId":"` + otherID + `","secretKey":"` + otherSecret + `"}`,
				".tccli/ci.credential":      `{"secretId":"` + temporaryID + `","secretKey":"` + temporarySecret + `","token":"` + temporaryToken + `"}`,
			},
			signs: temporaryID, withToken: true,
		},
		"profile and directory of variables": {
			variables: map[string]string{"TENCENTCLOUD_PROFILE": "ci", "TENCENTCLOUD_SHARED_CREDENTIALS_DIR": "~/keys"},
			files:     map[string]string{"keys/ci.credential": `{"secretId":"` + otherID + `","secretKey":"` + otherSecret + `"}`},
			signs:     otherID,
		},
		"arguments over a profile": {
			arguments: arguments.With(tfcore.Values{"profile": "ci"}),
			files:     map[string]string{".tccli/ci.credential": `{"secretId":"` + otherID + `","secretKey":"` + otherSecret + `"}`},
			signs:     acctest.SecretID,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world, home := keyWorld(t, test.variables)
			for file, text := range test.files {
				writeFile(t, text, home, file)
			}
			if said := readTask(t, keyProvider(t, world, test.arguments)); said.HasErrors() {
				t.Fatal(said)
			}
			call := world.LastCall(t, acctest.Describe)
			if call.SecretID != test.signs || call.TokenSent != test.withToken || call.Code != "" {
				t.Errorf("%s signed, token sent: %t, code %q; want %s, %t", call.SecretID, call.TokenSent, call.Code, test.signs, test.withToken)
			}
			world.ExpectJournal(t, acctest.Describe)
		})
	}
}

// TestCredentialsRegion checks where the default region comes from.
func TestCredentialsRegion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments tfcore.Values
		variables map[string]string
		want      string
	}{
		"profile":                {nil, nil, "ap-mumbai"},
		"variable over profile":  {nil, map[string]string{"TENCENTCLOUD_REGION": "ap-jakarta"}, "ap-jakarta"},
		"argument over variable": {tfcore.Values{"region": "ap-bangkok"}, map[string]string{"TENCENTCLOUD_REGION": "ap-jakarta"}, "ap-bangkok"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world, home := keyWorld(t, test.variables)
			writeFile(t, `{"secretId":"`+otherID+`","secretKey":"`+otherSecret+`"}`, home, ".tccli", "default.credential")
			writeFile(t, `{"_sys_param":{"region":"ap-mumbai"}}`, home, ".tccli", "default.configure")
			values := tfcore.Values{"region": nil}.With(test.arguments)
			if said := readTask(t, keyProvider(t, world, values)); said.HasErrors() {
				t.Fatal(said)
			}
			if got := world.LastCall(t, acctest.Describe).Region; got != test.want {
				t.Errorf("region = %s, want %s", got, test.want)
			}
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

// hookedTransport lets a test act just before each request.
type hookedTransport struct {
	next http.RoundTripper
	hook func(*http.Request)
}

func (h hookedTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	h.hook(request)
	return h.next.RoundTrip(request)
}

// static is the key that assumes a role.
func static(changes tfcore.Values) tfcore.Values {
	return tfcore.Values{"secret_id": acctest.SecretID, "secret_key": acctest.SecretKey}.With(changes)
}

// TestCredentialsOfRole checks the call that issues a role's key, and that the
// key signs the calls after it.
func TestCredentialsOfRole(t *testing.T) {
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
				if said := readTask(t, connected); said.HasErrors() {
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

// TestTokenFileBelowHome checks that "~" is expanded wherever a token file is named.
func TestTokenFileBelowHome(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments tfcore.Values
		variables map[string]string
	}{
		"argument": {arguments: tfcore.Values{"assume_role_with_web_identity": tfcore.Values{"role_arn": roleARN, "web_identity_token_file": " ~/token\n"}}},
		"variable": {variables: map[string]string{"TENCENTCLOUD_ASSUME_ROLE_ARN": roleARN, "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN_FILE": "~/token"}},
		"pod": {
			arguments: tfcore.Values{"enable_pod_oidc": true},
			variables: map[string]string{"TKE_REGION": "ap-singapore", "TKE_PROVIDER_ID": "tke", "TKE_ROLE_ARN": roleARN, "TKE_WEB_IDENTITY_TOKEN_FILE": "~/token"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world, home := keyWorld(t, test.variables)
			writeFile(t, "jwt-one", home, "token")
			if said := readTask(t, keyProvider(t, world, test.arguments)); said.HasErrors() {
				t.Fatal(said)
			}
			world.ExpectJournal(t, assumeRoleWithWebIdentity, acctest.Describe)
		})
	}
}

// TestCredentialsOfTokenFile checks that the file is read at each renewal.
func TestCredentialsOfTokenFile(t *testing.T) {
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
			if said := readTask(t, connected); said.HasErrors() {
				t.Fatal(said)
			}
			world.Clock.Advance(2 * time.Hour)
			writeFile(t, `{"web_identity_token":"jwt-two"}`, file)
			if said := readTask(t, connected); said.HasErrors() {
				t.Fatal(said)
			}
			world.ExpectJournal(t, assumeRoleWithWebIdentity, acctest.Describe, assumeRoleWithWebIdentity, acctest.Describe)

			world.Clock.Advance(2 * time.Hour)
			writeFile(t, "jwt-revoked", file)
			acctest.ExpectError(t, readTask(t, connected), "", "STS does not accept the web identity token", "Get a new token", "Code: ")
		})
	}
}
