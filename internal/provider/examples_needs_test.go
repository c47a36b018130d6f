package provider_test

import (
	"path"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
)

// needs skips the test where the CLI lacks what a configuration uses.
func needs(t *testing.T, configuration string) {
	t.Helper()
	var used []features.Feature
	for sign, feature := range map[string]features.Feature{
		`action "`:      features.Actions,
		" identity = {": features.Identity,
		"_wo ":          features.WriteOnly,
		`ephemeral `:    features.Ephemeral,
		"removed {":     features.Removed,
		"moved {":       features.Moved,
		"import {":      features.ImportBlocks,
		`check "`:       features.Checks,
	} {
		if strings.Contains(configuration, sign) {
			used = append(used, feature)
		}
	}
	acctest.Needs(t, used...)
}

// needsOf is needs for the example in dir, and for the modules that it calls.
func needsOf(t *testing.T, dir string) {
	t.Helper()
	configuration := configurationOf(t, dir)
	for called := range exampleDirectories(t) {
		if isModule(called) && strings.Contains(configuration, "../"+called) {
			configuration += configurationOf(t, called)
		}
	}
	needs(t, configuration)
}

// configurationOf is all of the example in dir.
func configurationOf(t *testing.T, dir string) string {
	t.Helper()
	var configuration strings.Builder
	for _, name := range exampleFiles(t) {
		if path.Dir(name) == dir && path.Ext(name) == ".tf" {
			configuration.WriteString(readExample(t, name))
		}
	}
	return configuration.String()
}
