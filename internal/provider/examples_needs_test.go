package provider_test

import (
	"path"
	"strings"
	"testing"
)

// needs skips the test where the CLI is too old for a configuration.
func (s *exampleStage) needs(t *testing.T, configuration string) {
	t.Helper()
	for _, feature := range []struct{ sign, since string }{
		{`action "`, "1.14"},
		{" identity = {", "1.12"},
		{"_wo ", "1.11"},
		{`ephemeral `, "1.11"},
		{"modules/", "1.11"},
		{"removed {", "1.7"},
		{"import {", "1.6"},
		{`check "`, "1.5"},
	} {
		if strings.Contains(configuration, feature.sign) {
			s.skipBelow(t, feature.since)
			return
		}
	}
}

// needsOf is needs for the example in dir.
func (s *exampleStage) needsOf(t *testing.T, dir string) {
	t.Helper()
	var configuration strings.Builder
	for _, name := range exampleFiles(t) {
		if path.Dir(name) == dir && path.Ext(name) == ".tf" {
			configuration.WriteString(readExample(t, name))
		}
	}
	s.needs(t, configuration.String())
}

// skipBelow skips the test where the CLI says that it is older than version.
func (s *exampleStage) skipBelow(t *testing.T, version string) {
	t.Helper()
	s.cli.Write(t, "examples/version/main.tf", "terraform {\n  required_version = \">= "+version+"\"\n}\n")
	if s.run(t, "version", "init", "-no-color").ExitCode != 0 {
		t.Skip("the command line is older than " + version)
	}
}
