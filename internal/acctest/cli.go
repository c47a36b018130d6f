package acctest

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/tfserver"
)

// source names the provider without a registry: every command line has one of
// its own for such names.
const source = "trtc-community/trtc"

// RequiredProviders is the block that says which provider trtc is; CLI writes
// it into every working directory.
const RequiredProviders = `terraform {
  required_providers {
    trtc = { source = "` + source + `" }
  }
}
`

// CLI is the real command line in a working directory of its own. It is for
// what the test framework has no steps for, and for journals that hold exactly
// the calls of one command.
type CLI struct {
	program string
	dir     string
	env     []string
}

// CLI returns the command line with the provider served from this process. It
// skips the test where there is no terraform. The changes wrap the server.
func (w *World) CLI(t *testing.T, changes ...func(tfprotov6.ProviderServer) tfprotov6.ProviderServer) *CLI {
	t.Helper()
	var server tfprotov6.ProviderServer = tfserver.New(provider.New(w.Options)())
	for _, change := range changes {
		server = change(server)
	}
	return newCLI(t, "TF_REATTACH_PROVIDERS="+serve(t, server))
}

func newCLI(t testing.TB, env ...string) *CLI {
	t.Helper()
	return newCLIOf(t, Program(t), env...)
}

func newCLIOf(t testing.TB, program string, env ...string) *CLI {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, ".terraformrc")
	cli := &CLI{program: program, dir: dir, env: append([]string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + dir,
		"TF_CLI_CONFIG_FILE=" + config,
		"CHECKPOINT_DISABLE=1",
		"TF_IN_AUTOMATION=1",
	}, env...)}
	cli.Write(t, ".terraformrc", "")
	cli.Write(t, "versions.tf", RequiredProviders)
	return cli
}

// Program returns where the command line is. It skips the test where there is
// none.
func Program(t testing.TB) string {
	t.Helper()
	program, err := exec.LookPath(programName())
	if err != nil {
		t.Skipf("no command line to test with: %v", err)
	}
	return program
}

// programName is that of the test framework, which reads the same variable.
func programName() string {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	return "terraform"
}

// Write puts a file into the working directory.
func (c *CLI) Write(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Read returns a file of the working directory.
func (c *CLI) Read(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Output is what a command wrote, and how it ended.
type Output struct {
	Stdout, Stderr string
	ExitCode       int
}

// Command prepares a command without running it.
func (c *CLI) Command(t testing.TB, arguments ...string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), c.program, arguments...)
	command.Dir, command.Env = c.dir, c.env
	return command
}

// Run runs a command to its end, whatever that is.
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

// MustRun is Run for a command that must succeed.
func (c *CLI) MustRun(t testing.TB, arguments ...string) Output {
	t.Helper()
	output := c.Run(t, arguments...)
	if output.ExitCode != 0 {
		t.Fatalf("terraform %s: exit code %d\n%s\n%s", strings.Join(arguments, " "), output.ExitCode, output.Stdout, output.Stderr)
	}
	return output
}

// StateOf returns the attributes that the state has for an address, or nil
// when it has none.
func (c *CLI) StateOf(t testing.TB, address string) map[string]any {
	t.Helper()
	var state struct {
		Values struct {
			RootModule struct {
				Resources []struct {
					Address string
					Values  map[string]any
				}
			} `json:"root_module"`
		}
	}
	if err := json.Unmarshal([]byte(c.MustRun(t, "show", "-json").Stdout), &state); err != nil {
		t.Fatal(err)
	}
	for _, resource := range state.Values.RootModule.Resources {
		if resource.Address == address {
			return resource.Values
		}
	}
	return nil
}
