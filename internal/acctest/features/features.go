// Package features lists the CLI features that tests need, and the versions of
// Terraform and OpenTofu that have these features.
package features

import (
	"fmt"
	"regexp"

	"github.com/hashicorp/go-version"
)

// CLI is a product, as the command "version" prints it, and its version.
type CLI struct {
	product string
	version *version.Version
}

// Parse parses the output of the command "version".
func Parse(printed string) (CLI, error) {
	line := regexp.MustCompile(`(?m)^(Terraform|OpenTofu) v(\S+)\r?$`).FindStringSubmatch(printed)
	if line == nil {
		return CLI{}, fmt.Errorf("no version of Terraform or OpenTofu: %q", printed)
	}
	found, err := version.NewVersion(line[2])
	if err != nil {
		return CLI{}, err
	}
	return CLI{product: line[1], version: found}, nil
}

// String returns product and version, such as "Terraform v1.11.4".
func (c CLI) String() string { return c.product + " v" + c.version.Original() }

// Has reports whether the CLI has the feature.
func (c CLI) Has(feature Feature) bool {
	since := feature.Since().OpenTofu
	if c.product == "Terraform" {
		since = feature.Since().Terraform
	}
	return since != "" && c.isAtLeast(since)
}

// PlansOpenings reports whether the JSON form of a plan lists opened ephemeral
// resources as changes, as OpenTofu 1.11 does (OpenTofu issue 3781).
func (c CLI) PlansOpenings() bool {
	return c.product == "OpenTofu" && c.Has(Ephemeral) && !c.isAtLeast("1.12")
}

// isAtLeast reports whether the version is at least since. A release candidate
// counts as its release.
func (c CLI) isAtLeast(since string) bool {
	return c.version.Core().GreaterThanOrEqual(version.Must(version.NewVersion(since)))
}

// Feature is a feature that not every version of a CLI has.
type Feature string

// The features that tests need.
const (
	Moved           Feature = "moved blocks"
	ImportBlocks    Feature = "import blocks" // with an ID that is an expression
	ReplaceTriggers Feature = "replacement triggers"
	TerraformData   Feature = "terraform_data"
	Checks          Feature = "check blocks"
	MockProviders   Feature = "mock providers" // mock_provider blocks of tests
	Removed         Feature = "removed blocks"
	Ephemeral       Feature = "ephemeral resources"
	WriteOnly       Feature = "write-only arguments"
	Identity        Feature = "resource identity" // in the state and for imports
	Actions         Feature = "actions"
	Queries         Feature = "list resources"
)

// Versions has the first version of each product that has a feature. A version is
// empty if no version has the feature.
type Versions struct{ Terraform, OpenTofu string }

// Since returns the first versions that have the feature.
func (f Feature) Since() Versions {
	return map[Feature]Versions{
		Moved:           {"1.1", "1.6"},
		ImportBlocks:    {"1.6", "1.6"},
		ReplaceTriggers: {"1.2", "1.6"},
		TerraformData:   {"1.4", "1.6"},
		Checks:          {"1.5", "1.6"},
		MockProviders:   {"1.7", "1.8"},
		Removed:         {"1.7", "1.10"},
		Ephemeral:       {"1.10", "1.11"},
		WriteOnly:       {"1.11", "1.11"},
		Identity:        {"1.12", "1.12"},
		Actions:         {"1.14", ""},
		Queries:         {"1.14", ""},
	}[f]
}
