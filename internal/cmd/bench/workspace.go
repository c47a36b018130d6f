package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// installedVersion is what the provider is installed as.
const installedVersion = "0.0.1"

// workspace is a directory with a configuration, in which the CLI runs.
type workspace struct {
	cli, dir    string
	environment []string
}

// command is one run of the CLI.
type command struct {
	// took is the time on the wall.
	took time.Duration
	// used is the CPU time of the CLI and of the providers that it started.
	used time.Duration
}

// workspace makes a directory with the configuration and initialises it. The
// provider comes from the ground's binary.
func (g *ground) workspace(ctx context.Context, configuration string, environment ...string) (*workspace, error) {
	dir, err := g.subdirectory("workspace-")
	if err != nil {
		return nil, err
	}
	cliConfig, err := g.mirror()
	if err != nil {
		return nil, err
	}
	made := &workspace{cli: g.cli, dir: dir, environment: append(userEnvironment(),
		append(environment, "TF_CLI_CONFIG_FILE="+cliConfig, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1")...)}
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(configuration), 0o600); err != nil {
		return nil, err
	}
	_, err = made.terraform(ctx, "init", "-input=false")
	return made, err
}

// with is the workspace with more environment variables.
func (w *workspace) with(variables ...string) *workspace {
	return &workspace{cli: w.cli, dir: w.dir, environment: slices.Concat(w.environment, variables)}
}

// terraform runs a command, which must succeed.
func (w *workspace) terraform(ctx context.Context, arguments ...string) (command, error) {
	process := exec.CommandContext(ctx, w.cli, append(arguments, "-no-color")...) //nolint:gosec // The CLI that the user named.
	// Killed, it would leave its lock and its providers behind.
	process.Cancel = func() error { return process.Process.Signal(os.Interrupt) }
	process.Dir, process.Env = w.dir, w.environment
	var output bytes.Buffer
	process.Stdout, process.Stderr = &output, &output
	began := time.Now()
	if err := process.Run(); err != nil {
		return command{}, fmt.Errorf("%s: %w\n%s", arguments[0], err, tail(output.String()))
	}
	state := process.ProcessState
	return command{took: time.Since(began), used: state.UserTime() + state.SystemTime()}, nil
}

// tail is the end of a command's output, where its errors are.
func tail(output string) string {
	const most = 4 << 10
	return output[max(0, len(output)-most):]
}

// mirror installs the provider where a plain init finds it, and returns the
// CLI configuration that says so.
func (g *ground) mirror() (string, error) {
	cliConfig := filepath.Join(g.dir, "cli.tfrc")
	if _, err := os.Stat(cliConfig); err == nil {
		return cliConfig, nil
	}
	mirror := filepath.Join(g.dir, "mirror")
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		at := filepath.Join(mirror, host, "trtc-community", "trtc", installedVersion, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(at, 0o700); err != nil {
			return "", err
		}
		if err := os.Link(g.provider, filepath.Join(at, "terraform-provider-trtc_v"+installedVersion+executableSuffix())); err != nil {
			return "", err
		}
	}
	text := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(mirror))
	return cliConfig, os.WriteFile(cliConfig, []byte(text), 0o600)
}

// userEnvironment is the environment without what would lead to a real
// account.
func userEnvironment() []string {
	var kept []string
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "TENCENTCLOUD_") && !strings.HasPrefix(variable, "TRTC_") && !strings.HasPrefix(variable, "TF_") {
			kept = append(kept, variable)
		}
	}
	return kept
}
