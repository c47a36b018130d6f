package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/tfserver"
)

const (
	// module is the package of main.
	module = "github.com/trtc-community/terraform-provider-trtc"
	// source is the provider without a registry host: each CLI adds its default
	// registry.
	source = "trtc-community/trtc"
)

// RequiredProviders is the block that declares the provider trtc; CLI writes it
// into every working directory.
const RequiredProviders = `terraform {
  required_providers {
    trtc = { source = "` + source + `" }
  }
}
`

// CLI is the real CLI with a separate working directory, for single commands and
// for checks of the calls of one command. Commands do not ask for approval.
type CLI struct {
	// Dir is the working directory.
	Dir string
	// Env is the environment of later commands, such as "NAME=value".
	Env []string

	program string
}

// CLI returns the CLI with the provider served from this process. It skips the
// test if no CLI is installed.
func (w *World) CLI(t *testing.T) *CLI {
	t.Helper()
	return newCLI(t, Program(t), "TF_REATTACH_PROVIDERS="+serve(t, tfserver.New(provider.New(w.Options)())))
}

// MirroredCLI returns the CLI with a filesystem mirror as its only source of
// providers, which use the system's clock.
func MirroredCLI(t *testing.T, mirror string) *CLI {
	t.Helper()
	cli := newCLI(t, Program(t))
	cli.Write(t, ".terraformrc", fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(mirror)))
	return cli
}

// Build builds a program with the module in dir. It skips the test in short runs,
// and if no compiler is installed.
func Build(t *testing.T, dir, output, program string) {
	t.Helper()
	if testing.Short() {
		t.Skip("building a provider is slow")
	}
	compiler, err := exec.LookPath("go")
	if err != nil {
		t.Skipf("no compiler: %v", err)
	}
	build := exec.CommandContext(t.Context(), compiler, "build", "-o", output, program)
	build.Dir, build.Env = dir, os.Environ()
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
}

// InstalledCLI returns the CLI with a binary of the provider, which is built for
// the test and uses the system's clock. It skips the test in short runs.
func InstalledCLI(t *testing.T) *CLI {
	t.Helper()
	cli := newCLI(t, Program(t))
	built := t.TempDir()
	Build(t, ".", filepath.Join(built, "terraform-provider-trtc"), module)
	cli.Write(t, ".terraformrc", fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  direct {}\n}\n", source, built))
	return cli
}

func newCLI(t testing.TB, program string, env ...string) *CLI {
	t.Helper()
	dir := t.TempDir()
	cli := &CLI{program: program, Dir: dir, Env: append([]string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + dir,
		"TF_CLI_CONFIG_FILE=" + filepath.Join(dir, ".terraformrc"),
		"CHECKPOINT_DISABLE=1",
		"TF_IN_AUTOMATION=1",
		"TF_INPUT=0",
		"TF_CLI_ARGS=-no-color",
		"TF_CLI_ARGS_apply=-auto-approve",
		"TF_CLI_ARGS_destroy=-auto-approve",
	}, env...)}
	cli.Write(t, ".terraformrc", "")
	cli.Write(t, "versions.tf", RequiredProviders)
	return cli
}

// Copy returns the CLI with the same program, providers and environment in another
// working directory.
func (c *CLI) Copy(t testing.TB) *CLI {
	t.Helper()
	copied := &CLI{program: c.program, Dir: t.TempDir(), Env: slices.Clone(c.Env)}
	copied.Write(t, "versions.tf", RequiredProviders)
	return copied
}

// Program returns the path of the CLI. It skips the test if no CLI is installed.
func Program(t testing.TB) string {
	t.Helper()
	program, err := exec.LookPath(programName())
	if err != nil {
		t.Skipf("no CLI: %v", err)
	}
	return program
}

// programName returns the name of the CLI from the variable that the test framework
// reads.
func programName() string {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	return "terraform"
}

// Needs skips the test if the CLI lacks one of the features.
func Needs(t testing.TB, needed ...features.Feature) {
	t.Helper()
	cli, found := underTest(t)
	for _, feature := range needed {
		if found && !cli.Has(feature) {
			t.Skipf("%s has no %s", cli, feature)
		}
	}
}

// Has reports whether the CLI has the feature.
func Has(t testing.TB, feature features.Feature) bool {
	t.Helper()
	cli, found := underTest(t)
	return !found || cli.Has(feature)
}

// underTest returns the version of the CLI. If no CLI is installed, found is false:
// the test framework downloads the newest Terraform, which has every feature.
func underTest(t testing.TB) (cli features.CLI, found bool) {
	t.Helper()
	program, err := exec.LookPath(programName())
	if err != nil {
		return features.CLI{}, false
	}
	cli, err = features.Parse(newCLI(t, program).MustRun(t, "version").Stdout)
	if err != nil {
		t.Fatal(err)
	}
	return cli, true
}

// Write writes a file into the working directory.
func (c *CLI) Write(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join(c.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Read returns the content of a file in the working directory.
func (c *CLI) Read(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.Dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Output is the result of a command.
type Output struct {
	Stdout, Stderr string
	ExitCode       int
}

// Text returns everything that the command printed on one line, without the frames
// of diagnostics, which the CLI wraps.
func (o Output) Text() string {
	unframed := strings.NewReplacer("│", "", "╷", "", "╵", "").Replace(o.Stdout + o.Stderr)
	return strings.Join(strings.Fields(unframed), " ")
}

// Command returns a command that has not been started.
func (c *CLI) Command(t testing.TB, arguments ...string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), c.program, arguments...)
	command.Dir, command.Env = c.Dir, slices.Clone(c.Env)
	return command
}

// Run runs a command, and returns its output and exit code.
func (c *CLI) Run(t testing.TB, arguments ...string) Output {
	t.Helper()
	var stdout, stderr bytes.Buffer
	command := c.Command(t, arguments...)
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatalf("%s: %v", strings.Join(arguments, " "), err)
	}
	return Output{Stdout: stdout.String(), Stderr: stderr.String(), ExitCode: command.ProcessState.ExitCode()}
}

// MustRun runs a command that must succeed.
func (c *CLI) MustRun(t testing.TB, arguments ...string) Output {
	t.Helper()
	output := c.Run(t, arguments...)
	if output.ExitCode != 0 {
		t.Fatalf("terraform %s: exit code %d\n%s\n%s", strings.Join(arguments, " "), output.ExitCode, output.Stdout, output.Stderr)
	}
	return output
}

// StateOf returns the attributes of a resource in the state, or nil.
func (c *CLI) StateOf(t testing.TB, address string) map[string]any {
	t.Helper()
	var state tfjson.State
	if err := state.UnmarshalJSON([]byte(c.MustRun(t, "show", "-json").Stdout)); err != nil {
		t.Fatal(err)
	}
	if state.Values == nil {
		return nil
	}
	for _, resource := range state.Values.RootModule.Resources {
		if resource.Address == address {
			return resource.AttributeValues
		}
	}
	return nil
}

// reattachConfig is a provider that is already running, as TF_REATTACH_PROVIDERS
// describes it.
type reattachConfig struct {
	Protocol        string
	ProtocolVersion int
	Pid             int
	Test            bool
	Addr            struct{ Network, String string }
}

// serve serves a provider from this process until the test ends, and returns the
// value of TF_REATTACH_PROVIDERS.
func serve(t *testing.T, server tfprotov6.ProviderServer) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	started, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	failed := make(chan error, 1)
	go func() {
		failed <- tf6server.Serve(provider.Address, func() tfprotov6.ProviderServer { return server },
			tf6server.WithDebug(ctx, started, closed),
			tf6server.WithGoPluginLogger(hclog.NewNullLogger()),
			tf6server.WithLoggingSink(t),
			tf6server.WithoutLogStderrOverride())
	}()
	t.Cleanup(func() {
		cancel()
		<-closed
	})
	var config *plugin.ReattachConfig
	select {
	case config = <-started:
	case err := <-failed:
		t.Fatalf("the provider could not be served: %v", err)
	}
	running := reattachConfig{
		Protocol: string(config.Protocol), ProtocolVersion: config.ProtocolVersion, Pid: config.Pid, Test: config.Test,
	}
	running.Addr.Network, running.Addr.String = config.Addr.Network(), config.Addr.String()
	text, err := json.Marshal(map[string]reattachConfig{
		"registry.terraform.io/" + source: running, "registry.opentofu.org/" + source: running,
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
