package main

import (
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

// version is what the provider is installed as for the demo.
const version = "0.0.1"

// stage is a directory with everything that the demo runs.
type stage struct {
	dir         string
	cli         string
	mockBinary  string
	environment []string
}

// setUp builds provider and mock into a new directory, with a mirror from
// which a plain init installs the provider.
func setUp(ctx context.Context, cli string, out io.Writer) (*stage, error) {
	_, _ = fmt.Fprintln(out, "Building the provider and a mock of the TRTC service …")
	dir, err := os.MkdirTemp("", "trtc-demo-")
	if err != nil {
		return nil, err
	}
	s := &stage{dir: dir, mockBinary: filepath.Join(dir, "trtcmock"+executableSuffix())}
	if s.cli, err = findCLI(ctx, cli, dir, out); err != nil {
		return nil, err
	}
	if err := build(ctx, s.mockBinary, "./internal/cmd/trtcmock"); err != nil {
		return nil, err
	}
	if err := s.installProvider(ctx); err != nil {
		return nil, err
	}
	return s, s.configure(ctx, out)
}

// findCLI returns the CLI's path. A terraform that is not there is downloaded
// into dir.
func findCLI(ctx context.Context, cli, dir string, out io.Writer) (string, error) {
	found, err := exec.LookPath(cli)
	if err == nil {
		return filepath.Abs(found)
	}
	if cli != "terraform" {
		return "", fmt.Errorf("%s is not installed: install it, or leave TERRAFORM out", cli)
	}
	_, _ = fmt.Fprintln(out, "Terraform is not installed; downloading the newest release for this run …")
	found, err = install.NewInstaller().Ensure(ctx, []src.Source{&releases.LatestVersion{Product: product.Terraform, InstallDir: dir}})
	if err != nil {
		return "", fmt.Errorf("terraform could not be downloaded; install it from https://developer.hashicorp.com/terraform/install: %w", err)
	}
	return found, nil
}

// installProvider builds the provider into a mirror. Terraform and OpenTofu
// look for the same source below different hosts.
func (s *stage) installProvider(ctx context.Context) error {
	mirror := filepath.Join(s.dir, "mirror")
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		binary := filepath.Join(mirror, host, "trtc-community", "trtc", version, runtime.GOOS+"_"+runtime.GOARCH,
			"terraform-provider-trtc_v"+version+executableSuffix())
		if err := build(ctx, binary, "."); err != nil {
			return err
		}
	}
	cliConfig := filepath.Join(s.dir, "cli.tfrc")
	s.environment = append(userEnvironment(), "TRTC_START_JOURNAL="+filepath.Join(s.dir, "starts"), "TF_CLI_CONFIG_FILE="+cliConfig, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1")
	text := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(mirror))
	return os.WriteFile(cliConfig, []byte(text), 0o600)
}

// userEnvironment is the environment without what would lead the demo to a
// real account.
func userEnvironment() []string {
	var kept []string
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "TENCENTCLOUD_") && !strings.HasPrefix(variable, "TRTC_") && !strings.HasPrefix(variable, "TF_") {
			kept = append(kept, variable)
		}
	}
	return kept
}

func build(ctx context.Context, binary, from string) error {
	command := exec.CommandContext(ctx, "go", "build", "-o", binary, from) //nolint:gosec // Fixed packages of this module.
	output, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("building %s: %w\n%s", from, err, output)
	}
	return nil
}

func (s *stage) name() string { return strings.TrimSuffix(filepath.Base(s.cli), ".exe") }

func (s *stage) terraform(ctx context.Context, out io.Writer, arguments ...string) error {
	command := exec.CommandContext(ctx, s.cli, append(arguments, "-no-color")...) //nolint:gosec // The CLI that the user named.
	command.Dir, command.Env = s.dir, s.environment
	command.Stdout, command.Stderr = out, os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", s.name(), arguments[0], err)
	}
	return nil
}

func executableSuffix() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}
