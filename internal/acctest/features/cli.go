// Package features tells command lines apart, and what each of them can do.
package features

import (
	"fmt"
	"regexp"

	"github.com/hashicorp/go-version"
)

// The products as their command "version" names them.
const (
	terraform = "Terraform"
	openTofu  = "OpenTofu"
)

// CLI is a command line: a product in a version.
type CLI struct {
	product string
	version *version.Version
}

// Of reads what the command "version" prints.
func Of(printed string) (CLI, error) {
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

// String is what the CLI calls itself, such as "Terraform v1.11.4".
func (c CLI) String() string { return c.product + " v" + c.version.Original() }

// Has tells whether the CLI can do something.
func (c CLI) Has(feature Feature) bool {
	since := feature.Since().OpenTofu
	if c.product == terraform {
		since = feature.Since().Terraform
	}
	return since != "" && c.reaches(since)
}

// PlansOpenings tells that the JSON form of a plan lists the ephemeral resources
// that it opens among the changes. OpenTofu 1.11 does so (its issue 3781).
func (c CLI) PlansOpenings() bool {
	return c.product == openTofu && c.Has(Ephemeral) && !c.reaches("1.12")
}

// reaches counts a release candidate as its release.
func (c CLI) reaches(since string) bool {
	return c.version.Core().GreaterThanOrEqual(version.Must(version.NewVersion(since)))
}
