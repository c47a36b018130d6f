package provider_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

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

// keyProvider is a provider with exactly these arguments and those of the
// world's place.
func keyProvider(t *testing.T, world *acctest.World, changes tfcore.Values) *tfcore.Provider {
	t.Helper()
	connected := world.Connect(t)
	if said := connected.Configure(t.Context(), keyValues(world, changes)); said.HasErrors() {
		t.Fatalf("the provider says: %s", said)
	}
	return connected
}

// look makes one signed call.
func look(t *testing.T, connected *tfcore.Provider) tfcore.Diagnostics {
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

// TestAccCredentials: the key that signs, and the token beside it, as the
// service sees them.
func TestAccCredentials(t *testing.T) {
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
			if said := look(t, keyProvider(t, world, test.arguments)); said.HasErrors() {
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

// TestAccCredentialsRegion: the profile gives the default region too.
func TestAccCredentialsRegion(t *testing.T) {
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
			if said := look(t, keyProvider(t, world, values)); said.HasErrors() {
				t.Fatal(said)
			}
			if got := world.LastCall(t, acctest.Describe).Region; got != test.want {
				t.Errorf("region = %s, want %s", got, test.want)
			}
		})
	}
}

// TestAccCredentialsUnknown: a key that another resource makes known during
// apply is in nobody's way while planning.
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
