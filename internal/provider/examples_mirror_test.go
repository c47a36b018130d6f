package provider_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// Examples whose providers are processes: the provider hashicorp/time cannot be
// imported, and a provider served from this process has one configuration.
const (
	rotatingExample        = "restart"
	twoApplicationsExample = "tickets/two-applications"
)

// secondKey is the SDKSecretKey of the second application of an example.
const secondKey = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

// newMirrorStage returns a stage with a filesystem mirror that has this provider
// and the given ones, by source address and version. Each is built by the module
// in the directory below tools/ that has its name.
func newMirrorStage(t *testing.T, dir string, others ...string) *exampleStage {
	t.Helper()
	stage := newExampleStage(t, dir, func(options *trtcmock.Options) {
		options.Now = time.Now
		options.AppKeys[1400000002] = secondKey
	})
	mirror := t.TempDir()
	mirrorProvider(t, mirror, "trtc-community/trtc/0.2.0", ".", "github.com/trtc-community/terraform-provider-trtc")
	for _, other := range others {
		name := strings.Split(other, "/")[1]
		mirrorProvider(t, mirror, other, "../../tools/"+name, "github.com/hashicorp/terraform-provider-"+name)
	}
	registry := filepath.Join(mirror, "registry.terraform.io")
	if err := os.CopyFS(filepath.Join(mirror, "registry.opentofu.org"), os.DirFS(registry)); err != nil {
		t.Fatal(err)
	}
	mirrored := acctest.MirroredCLI(t, mirror)
	stage.cli.Env = mirrored.Env
	for name, value := range stage.env {
		stage.cli.Env = append(stage.cli.Env, name+"="+value)
	}
	return stage
}

// mirrorProvider builds a provider into the mirror.
func mirrorProvider(t *testing.T, mirror, address, dir, program string) {
	t.Helper()
	name := filepath.Base(program)
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	platform := runtime.GOOS + "_" + runtime.GOARCH
	acctest.Build(t, dir, filepath.Join(mirror, "registry.terraform.io", filepath.FromSlash(address), platform, name), program)
}

// TestAccExampleTwoApplications applies the example, in which each key signs for
// its own application.
func TestAccExampleTwoApplications(t *testing.T) {
	t.Parallel()
	stage := newMirrorStage(t, twoApplicationsExample)
	stage.tfvars(t, "lobby_key = \""+acctest.SdkSecretKey+"\"\nstage_key = \""+secondKey+"\"\n")
	stage.apply(t)
	stage.expectAlive(t, 2)
	stage.destroy(t)
}

// TestAccExampleRotation applies the example, and checks that the task is
// replaced once the rotation is due.
func TestAccExampleRotation(t *testing.T) {
	t.Parallel()
	stage := newMirrorStage(t, rotatingExample, "hashicorp/time/0.14.2")
	stage.apply(t)
	stage.world.ExpectChanges(t, acctest.Start)
	stage.age(t, 7*24*time.Hour)
	stage.apply(t)
	stage.world.ExpectChanges(t, acctest.Stop, acctest.Start)
	stage.destroy(t)
}

// age makes the rotation in the state older.
func (s *exampleStage) age(t *testing.T, by time.Duration) {
	t.Helper()
	const file = "examples/" + rotatingExample + "/terraform.tfstate"
	text := s.cli.Read(t, file)
	for _, name := range []string{"rfc3339", "rotation_rfc3339"} {
		_, rest, _ := strings.Cut(text, `"`+name+`": "`)
		value, _, _ := strings.Cut(rest, `"`)
		at, err := time.Parse(time.RFC3339, value)
		if err != nil {
			t.Fatal(err)
		}
		text = strings.ReplaceAll(text, value, at.Add(-by).Format(time.RFC3339))
	}
	s.cli.Write(t, file, text)
}
