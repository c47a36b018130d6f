package features_test

import (
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
)

func TestCLI_Has(t *testing.T) {
	t.Parallel()
	for printed, has := range map[string]map[features.Feature]bool{
		"Terraform v1.0.9\non linux_amd64\n":           {features.Moved: false, features.ReplaceTriggers: false, features.Ephemeral: false, features.Actions: false},
		"Terraform v1.11.4\non linux_amd64\n":          {features.Moved: true, features.WriteOnly: true, features.Identity: false},
		"Terraform v1.12.0-rc2\n":                      {features.Identity: true, features.Actions: false},
		"Terraform v1.13.5\n":                          {features.Identity: true, features.Queries: false},
		"Terraform v1.14.9\n":                          {features.Actions: true, features.Queries: true},
		"Terraform v2.0.0\n":                           {features.Moved: true, features.Actions: true},
		"A warning\n\nOpenTofu v1.11.5\non linux\n":    {features.WriteOnly: true, features.Identity: false},
		"OpenTofu v1.12.6\r\non windows_amd64\r\n":     {features.Identity: true, features.Actions: false},
		"OpenTofu v9.9.9\n+ provider example v0.1.0\n": {features.Identity: true, features.Actions: false, features.Queries: false},
	} {
		cli, err := features.Parse(printed)
		if err != nil {
			t.Errorf("%q: %v", printed, err)
			continue
		}
		for feature, want := range has {
			if cli.Has(feature) != want {
				t.Errorf("%s has %s: %t, want %t", cli, feature, !want, want)
			}
		}
	}
}

func TestCLI_PlansOpenings(t *testing.T) {
	t.Parallel()
	for printed, want := range map[string]bool{
		"Terraform v1.11.4\n": false, "OpenTofu v1.10.6\n": false, "OpenTofu v1.11.5\n": true, "OpenTofu v1.12.6\n": false,
	} {
		cli, err := features.Parse(printed)
		if err != nil || cli.PlansOpenings() != want {
			t.Errorf("%s lists opened resources: %t, want %t (%v)", cli, !want, want, err)
		}
	}
}

func TestParse_OtherOutput(t *testing.T) {
	t.Parallel()
	for _, printed := range []string{"", "Terraform", "Terraform vNext", "Packer v1.11.4", "a Terraform v1.11.4"} {
		if cli, err := features.Parse(printed); err == nil {
			t.Errorf("%q is %s", printed, cli)
		}
	}
}
