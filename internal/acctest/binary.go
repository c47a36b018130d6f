package acctest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// module is where main is.
const module = "github.com/trtc-community/terraform-provider-trtc"

// InstalledCLI returns the command line with a binary of the provider that was
// built for the test, and that therefore runs on the system's clock. It skips
// short runs.
func (w *World) InstalledCLI(t *testing.T) *CLI {
	t.Helper()
	if testing.Short() {
		t.Skip("building takes a while")
	}
	cli := newCLI(t)
	built := t.TempDir()
	compiler, err := exec.LookPath("go")
	if err != nil {
		t.Skipf("no compiler to build with: %v", err)
	}
	build := exec.CommandContext(t.Context(), compiler, "build", "-o", filepath.Join(built, "terraform-provider-trtc"), module)
	build.Env = os.Environ()
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	cli.Write(t, ".terraformrc", fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  direct {}\n}\n", source, built))
	return cli
}
