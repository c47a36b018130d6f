// Package features lists the CLI features that tests need, and the versions of
// Terraform and OpenTofu that have these features.
package features

import (
	"fmt"
	"regexp"

	"github.com/hashicorp/go-version"
)

// The products as the command "version" prints them.
const (
	terraform = "Terraform"
	openTofu  = "OpenTofu"
)

// CLI is a product and its version.
type CLI struct {
	product string
	version *version.Version
}

// Parse parses the output of the command "version".
func Parse(printed string) (CLI, error) {
	line := regexp.MustCompile(`(?m)^(` + terraform + `|` + openTofu + `) v(\S+)\r?$`).FindStringSubmatch(printed)
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
	if c.product == terraform {
		since = feature.Since().Terraform
	}
	return since != "" && c.isAtLeast(since)
}

// PlansOpenings reports whether the JSON form of a plan lists opened ephemeral
// resources as changes, as OpenTofu 1.11 does (OpenTofu issue 3781).
func (c CLI) PlansOpenings() bool {
	return c.product == openTofu && c.Has(Ephemeral) && !c.isAtLeast("1.12")
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
	// Moved is the moved block.
	Moved Feature = "moved blocks"
	// ImportBlocks is the import block, whose ID is an expression.
	ImportBlocks Feature = "import blocks"
	// ReplaceTriggers is the argument replace_triggered_by.
	ReplaceTriggers Feature = "replacement triggers"
	// TerraformData is the resource terraform_data.
	TerraformData Feature = "terraform_data"
	// Checks is the check block.
	Checks Feature = "check blocks"
	// Tests is the command test.
	Tests Feature = "test command"
	// MockProviders is the mock_provider block of tests.
	MockProviders Feature = "mock providers"
	// Removed is the removed block.
	Removed Feature = "removed blocks"
	// Ephemeral is ephemeral resources.
	Ephemeral Feature = "ephemeral resources"
	// WriteOnly is write-only arguments.
	WriteOnly Feature = "write-only arguments"
	// Identity is resource identity in the state and for imports.
	Identity Feature = "resource identity"
	// Actions is actions.
	Actions Feature = "actions"
	// Queries is list resources and the command query.
	Queries Feature = "list resources"
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
		Tests:           {"1.6", "1.6"},
		MockProviders:   {"1.7", "1.8"},
		Removed:         {"1.7", "1.10"},
		Ephemeral:       {"1.10", "1.11"},
		WriteOnly:       {"1.11", "1.11"},
		Identity:        {"1.12", "1.12"},
		Actions:         {"1.14", ""},
		Queries:         {"1.14", ""},
	}[f]
}
