package provider_test

import (
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccRegion checks two regions with one provider block, and that changing
// the default region does not affect running tasks.
func TestAccRegion(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.RegionBound = true })
	own := world.StreamIngestArguments(t, acctest.Arguments{"region": `"ap-mumbai"`, "room_id": `"2002"`})
	resources := world.StreamIngest(t, nil) + acctest.StreamIngestBlock("own", own)
	first := world.Step(t, acctest.Apply{
		Config: world.ProviderBlock() + resources,
		Action: plancheck.ResourceActionCreate,
		Calls:  []string{acctest.Start, acctest.Start},
		State:  map[string]knownvalue.Check{"region": acctest.Text(acctest.Region)},
		Plan: []plancheck.PlanCheck{
			plancheck.ExpectKnownValue("trtc_stream_ingest.own", tfjsonpath.New("region"), acctest.Text("ap-mumbai")),
		},
		After: func() {
			for _, task := range world.Mock.Alive() {
				if want := map[string]string{"1001": acctest.Region, "2002": "ap-mumbai"}[task.RoomID]; task.Region != want {
					t.Errorf("room %s runs in %s, want %s", task.RoomID, task.Region, want)
				}
			}
		},
	})
	world.Run(t, first,
		world.Step(t, acctest.Apply{
			Config: world.RegionlessProviderBlock(`region = "ap-jakarta"`) + resources,
			Action: plancheck.ResourceActionNoop,
			State:  map[string]knownvalue.Check{"region": acctest.Text(acctest.Region)},
			Plan:   []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		}),
		world.Step(t, acctest.Apply{
			Config: world.ProviderBlock() + world.StreamIngest(t, acctest.Arguments{"region": `"ap-jakarta"`}) + acctest.StreamIngestBlock("own", own),
			Action: plancheck.ResourceActionDestroyBeforeCreate,
			Calls:  []string{acctest.Stop, acctest.Start},
			State:  map[string]knownvalue.Check{"region": acctest.Text("ap-jakarta")},
		}),
	)
}

// TestUnknownProvider checks that provider arguments may be unknown during
// planning. During apply they are known, and so is the default region.
func TestUnknownProvider(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"region", "endpoint", "secret_id", "secret_key", "requests_per_second"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			config := world.Values(t, nil)
			session := world.Provider(t, tfcore.Values{name: tfcore.Unknown}).Session(acctest.ResourceType)
			plan := session.Plan(t.Context(), config)
			acctest.ExpectPlan(t, plan, tfcore.Create)
			world.ExpectJournal(t)
			session.Serve(world.Provider(t, nil))
			acctest.ExpectSuccess(t, session.Apply(t.Context(), plan))
			acctest.ExpectAttributes(t, session, tfcore.Values{"region": acctest.Region})
			acctest.ExpectSettled(t, session, config)
		})
	}
}

// TestUnknownProviderNeeded checks that a call with unknown provider arguments
// fails with their names, and leaves state unchanged.
func TestUnknownProviderNeeded(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Created(t, world.Values(t, nil))
	before := session.State()
	session.Serve(world.Provider(t, tfcore.Values{"secret_key": tfcore.Unknown, "endpoint": tfcore.Unknown}))
	diags := session.Refresh(t.Context())
	acctest.ExpectError(t, diags, "", "not fully configured", "endpoint", "secret_key", "-target")
	if len(diags.Mentioning("this run uses")) > 0 {
		t.Errorf("%s names the service of this run, which is unknown", diags)
	}
	acctest.ExpectState(t, session, before)
	world.ExpectJournal(t)

	session.Serve(world.Provider(t, tfcore.Values{"assume_role": tfcore.Values{"role_arn": tfcore.Unknown}}))
	acctest.ExpectError(t, session.Refresh(t.Context()), "", "not fully configured", "assume_role")
	world.ExpectJournal(t)

	// The task has its own region, so that the provider's may be unknown.
	session.Serve(world.Provider(t, tfcore.Values{"region": tfcore.Unknown}))
	acctest.ExpectSettled(t, session, world.Values(t, nil))
	another := session.Sibling()
	acctest.ExpectError(t, another.Import(t.Context(), "1400000001/x"), "region", "not known yet", "-target")
}

// TestProviderRefused checks that an invalid provider block is reported before
// anything is sent.
func TestProviderRefused(t *testing.T) {
	t.Parallel()
	variable := func(name, value string) map[string]string { return map[string]string{name: value} }
	for name, test := range map[string]struct {
		change    tfcore.Values
		attribute string
		mention   string
		variables map[string]string
	}{
		"HTTP beyond this machine":       {tfcore.Values{"protocol": "HTTP"}, "protocol", "loopback", nil},
		"HTTP endpoint elsewhere":        {tfcore.Values{"endpoint": "http://trtc.example.com"}, "endpoint", "loopback", nil},
		"endpoint without a scheme":      {tfcore.Values{"endpoint": "trtc.example.com"}, "endpoint", "URL", nil},
		"domain that is not a host name": {tfcore.Values{"domain": "intl/evil"}, "domain", "host name", nil},
		"domain that is a host":          {change: tfcore.Values{"domain": "trtc.intl.tencentcloudapi.com"}, attribute: "domain", mention: "Use the root domain, intl.tencentcloudapi.com"},
		"domain that is a regional host, with endpoints": {
			change:    tfcore.Values{"domain": "trtc.ap-singapore.tencentcloudapi.com", "endpoint": "https://example.com", "sts_endpoint": "https://example.com"},
			attribute: "domain", mention: "Use the root domain, ap-singapore.tencentcloudapi.com",
		},
		"domain that is another host": {change: tfcore.Values{"domain": " STS.TencentCloudAPI.com:443 "}, attribute: "domain", mention: "argument domain cannot be used: it is the host of a service"},
		"unknown protocol":            {tfcore.Values{"protocol": "FTP"}, "protocol", "HTTPS", nil},
		"domain variable":             {variables: variable("TENCENTCLOUD_DOMAIN", "trtc.tencentcloudapi.com\n"), attribute: "domain", mention: "environment variable TENCENTCLOUD_DOMAIN cannot be used"},
		"protocol variable":           {variables: variable("TENCENTCLOUD_PROTOCOL", "FTP"), attribute: "protocol", mention: "environment variable TENCENTCLOUD_PROTOCOL"},
		"endpoint variable":           {change: tfcore.Values{"endpoint": " "}, variables: variable("TENCENTCLOUD_TRTC_ENDPOINT", "trtc.example.com"), attribute: "endpoint", mention: "environment variable TENCENTCLOUD_TRTC_ENDPOINT"},
		"STS endpoint":                {change: tfcore.Values{"sts_endpoint": "sts.example.com"}, attribute: "sts_endpoint", mention: "argument sts_endpoint"},
		"requests_per_second 1001":    {tfcore.Values{"requests_per_second": 1001}, "requests_per_second", "between 1 and 1000", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Offline(t)
			world.Setenv(test.variables)
			diags := world.Connect(t).Configure(t.Context(), world.ProviderValues(tfcore.Values{"endpoint": nil}.With(test.change)))
			acctest.ExpectError(t, diags, test.attribute, test.mention)
		})
	}
}

// TestSettingsTrimmed checks that white space around settings is ignored and
// that blank arguments leave their variables in effect.
func TestSettingsTrimmed(t *testing.T) {
	t.Parallel()
	for name, blank := range map[string]bool{"arguments": false, "variables below blank arguments": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			dir := t.TempDir()
			arguments, variables := tfcore.Values{}, map[string]string{}
			for argument, setting := range map[string]struct{ variable, value string }{
				"domain":         {"TENCENTCLOUD_DOMAIN", "intl.tencentcloudapi.com"},
				"protocol":       {"TENCENTCLOUD_PROTOCOL", "https"},
				"endpoint":       {"TENCENTCLOUD_TRTC_ENDPOINT", world.URL},
				"sts_endpoint":   {"TENCENTCLOUD_STS_ENDPOINT", world.URL},
				"secret_id":      {idVariable, acctest.SecretID},
				"secret_key":     {keyVariable, acctest.SecretKey},
				"region":         {"TENCENTCLOUD_REGION", acctest.Region},
				"sdk_secret_key": {sdkSecretKeyVariable, acctest.SdkSecretKey},
				"start_journal":  {"TRTC_START_JOURNAL", dir},
			} {
				arguments[argument] = "\t" + setting.value + "\r\n"
				if blank {
					arguments[argument], variables[setting.variable] = " \n", " "+setting.value+"\n"
				}
			}
			world.Setenv(variables)
			session := world.Provider(t, arguments).Session(acctest.ResourceType)
			acctest.ExpectApply(t, session, world.Values(t, tfcore.Values{"user_sig": nil}), tfcore.Create)
			acctest.ExpectAttributes(t, session, tfcore.Values{"region": acctest.Region})
			world.ExpectJournal(t, acctest.Start, acctest.Describe)
			if found, err := os.ReadDir(dir); err != nil || len(found) == 0 {
				t.Errorf("the start journal %s is empty: %v", dir, err)
			}
		})
	}
}

// TestAccRoleBlocks checks what Terraform and the provider accept in the blocks
// of roles.
func TestAccRoleBlocks(t *testing.T) {
	t.Parallel()
	const role = `role_arn = "qcs::cam::uin/100000000001:roleName/deploy"`
	for name, test := range map[string]struct{ line, refused string }{
		"block":               {line: "assume_role {\n" + role + "\n}"},
		"dynamic block":       {line: "dynamic \"assume_role\" {\nfor_each = [1]\ncontent {\n" + role + "\n}\n}"},
		"object":              {"assume_role = { " + role + " }", `Did you mean to define a block of type "assume_role"?`},
		"two blocks":          {"assume_role {\n" + role + "\n}\nassume_role {\n" + role + "\n}", "Duplicate assume_role block"},
		"misspelled policy":   {"assume_role {\n" + role + "\npolcy = \"{}\"\n}", `An argument named "polcy" is not expected here`},
		"misspelled token":    {"assume_role_with_web_identity {\n" + role + "\nweb_identity = \"jwt\"\n}", `An argument named "web_identity" is not expected here`},
		"source identity":     {"assume_role {\n" + role + "\nsource_identity = \"100000000001\"\n}", "assume_role.source_identity is not supported"},
		"MFA device":          {"assume_role {\n" + role + "\nserial_number = \"qcs::cam:uin/1::mfa/softToken\"\n}", "assume_role.serial_number is not supported"},
		"MFA code":            {"assume_role {\n" + role + "\ntoken_code = \"523886\"\n}", "use a role that does not require MFA"},
		"unsupported is null": {line: "assume_role {\n" + role + "\ntoken_code = null\nserial_number = \"\"\n}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			cli := world.CLI(t)
			cli.Write(t, "main.tf", world.ProviderBlock(test.line)+world.StreamIngest(t, nil))
			output := cli.Run(t, "validate", "-no-color")
			said := strings.Join(strings.Fields(strings.ReplaceAll(output.Stderr, "│", "")), " ")
			if refused := output.ExitCode != 0; refused != (test.refused != "") || !strings.Contains(said, test.refused) {
				t.Errorf("refused: %t, want %q; it says %s", refused, test.refused, said)
			}
		})
	}
}
