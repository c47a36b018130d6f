package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	install "github.com/hashicorp/hc-install"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
	"github.com/hashicorp/hc-install/src"
)

// version is the provider version that the demo installs. The version constraint of
// the configuration accepts this version.
const version = "0.2.0"

// sdkSecretKey is the key of the mock's application.
const sdkSecretKey = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"

// environment is a directory with the programs and files of the demo.
type environment struct {
	dir       string
	cli       string
	variables []string
}

// setUp builds the provider into a new directory, with a filesystem mirror from
// which terraform init installs the provider, and points it at an endpoint.
func setUp(ctx context.Context, cli, endpoint string, out io.Writer) (*environment, error) {
	dir, err := os.MkdirTemp("", "trtc-demo-")
	if err != nil {
		return nil, err
	}
	env := &environment{dir: dir}
	if env.cli, err = findCLI(ctx, cli, dir, out); err != nil {
		return nil, err
	}
	_, _ = fmt.Fprintln(out, "Building the provider (some minutes the first time) …")
	if err := env.installProvider(ctx, endpoint); err != nil {
		return nil, err
	}
	configuration, err := os.ReadFile(filepath.Join("examples", "quickstart", "main.tf"))
	if err != nil {
		return nil, fmt.Errorf("run the demo from the root of the repository: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), configuration, 0o600); err != nil { //nolint:gosec // A directory made here.
		return nil, err
	}
	// The first line names the CLI and its version.
	var text bytes.Buffer
	if err := env.terraform(ctx, &text, "version"); err != nil {
		return nil, err
	}
	line, _, _ := strings.Cut(text.String(), "\n")
	_, _ = fmt.Fprintln(out, line)
	return env, env.terraform(ctx, io.Discard, "init", "-input=false")
}

// findCLI returns the CLI's path. It downloads terraform into dir if it is not
// installed.
func findCLI(ctx context.Context, cli, dir string, out io.Writer) (string, error) {
	found, err := exec.LookPath(cli)
	if err == nil {
		return filepath.Abs(found)
	}
	if cli != "terraform" {
		return "", fmt.Errorf("%s is not installed: install it, or run make demo without TERRAFORM", cli)
	}
	_, _ = fmt.Fprintln(out, "Terraform is not installed; downloading the newest release for this run …")
	found, err = install.NewInstaller().Ensure(ctx, []src.Source{&releases.LatestVersion{Product: product.Terraform, InstallDir: dir}})
	if err != nil {
		return "", fmt.Errorf("terraform could not be downloaded; install it from https://developer.hashicorp.com/terraform/install: %w", err)
	}
	return found, nil
}

// installProvider builds the provider into a mirror. Terraform and OpenTofu
// search the same source below different hosts.
func (env *environment) installProvider(ctx context.Context, endpoint string) error {
	suffix := ""
	if runtime.GOOS == "windows" {
		suffix = ".exe"
	}
	mirror := filepath.Join(env.dir, "mirror")
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		binary := filepath.Join(mirror, host, "trtc-community", "trtc", version, runtime.GOOS+"_"+runtime.GOARCH,
			"terraform-provider-trtc_v"+version+suffix)
		if err := build(ctx, binary); err != nil {
			return err
		}
	}
	cliConfig := filepath.Join(env.dir, "cli.tfrc")
	env.variables = append(userEnvironment(), "TF_CLI_CONFIG_FILE="+cliConfig, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1",
		"TENCENTCLOUD_TRTC_ENDPOINT="+endpoint,
		"TENCENTCLOUD_SECRET_ID=AKIDmock",
		"TENCENTCLOUD_SECRET_KEY=mock-secret-key",
		"TRTC_SDK_SECRET_KEY="+sdkSecretKey,
		"TRTC_START_JOURNAL="+filepath.Join(env.dir, "starts"),
	)
	text := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(mirror))
	return os.WriteFile(cliConfig, []byte(text), 0o600)
}

// userEnvironment returns the environment without variables that could point
// the demo at a real account.
func userEnvironment() []string {
	var kept []string
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "TENCENTCLOUD_") && !strings.HasPrefix(variable, "TRTC_") && !strings.HasPrefix(variable, "TF_") {
			kept = append(kept, variable)
		}
	}
	return kept
}

// build uses the flags of make install, so that no package is compiled twice.
func build(ctx context.Context, binary string) error {
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -X main.version="+version, "-o", binary, ".")
	output, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("building the provider: %w\n%s", err, output)
	}
	return nil
}

func (env *environment) name() string { return strings.TrimSuffix(filepath.Base(env.cli), ".exe") }

func (env *environment) terraform(ctx context.Context, out io.Writer, arguments ...string) error {
	command := exec.CommandContext(ctx, env.cli, append(arguments, "-no-color")...)
	command.Dir, command.Env = env.dir, env.variables
	command.Stdout, command.Stderr = out, os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", env.name(), arguments[0], err)
	}
	return nil
}
