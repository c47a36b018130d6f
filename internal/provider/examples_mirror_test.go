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
func newMirrorStage(t *testing.T, others ...string) *exampleStage {
	t.Helper()
	acctest.Program(t)
	stage := newExampleStage(t, func(options *trtcmock.Options) {
		options.Now = time.Now
		options.AppKeys[1400000002] = secondKey
	})
	stage.mirror = t.TempDir()
	stage.mirrorProvider(t, "trtc-community/trtc/0.2.0", ".", "github.com/trtc-community/terraform-provider-trtc")
	for _, other := range others {
		name := strings.Split(other, "/")[1]
		stage.mirrorProvider(t, other, "../../tools/"+name, "github.com/hashicorp/terraform-provider-"+name)
	}
	registry := filepath.Join(stage.mirror, "registry.terraform.io")
	if err := os.CopyFS(filepath.Join(stage.mirror, "registry.opentofu.org"), os.DirFS(registry)); err != nil {
		t.Fatal(err)
	}
	return stage
}

// mirrorProvider builds a provider into the mirror.
func (s *exampleStage) mirrorProvider(t *testing.T, address, dir, program string) {
	t.Helper()
	name := filepath.Base(program)
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	platform := runtime.GOOS + "_" + runtime.GOARCH
	acctest.Build(t, dir, filepath.Join(s.mirror, "registry.terraform.io", filepath.FromSlash(address), platform, name), program)
}

// TestAccExampleTwoApplications applies the example, in which each key signs for
// its own application.
func TestAccExampleTwoApplications(t *testing.T) {
	t.Parallel()
	stage := newMirrorStage(t)
	stage.tfvars(t, twoApplicationsExample, "lobby_key = \""+acctest.SdkSecretKey+"\"\nstage_key = \""+secondKey+"\"\n")
	stage.apply(t, twoApplicationsExample)
	stage.expectAlive(t, 2)
	stage.destroy(t, twoApplicationsExample)
}

// TestAccExampleRotation applies the example, and checks that the task is
// replaced once the rotation is due.
func TestAccExampleRotation(t *testing.T) {
	t.Parallel()
	needsOf(t, rotatingExample)
	stage := newMirrorStage(t, "hashicorp/time/0.14.2")
	stage.apply(t, rotatingExample)
	stage.expectCalls(t, acctest.Start)
	stage.age(t, 7*24*time.Hour)
	stage.apply(t, rotatingExample)
	stage.expectCalls(t, acctest.Stop, acctest.Start)
	stage.destroy(t, rotatingExample)
}

// age makes the rotation in the state older.
func (s *exampleStage) age(t *testing.T, by time.Duration) {
	t.Helper()
	const file = "examples/" + rotatingExample + "/terraform.tfstate"
	text := s.cli(t).Read(t, file)
	for _, name := range []string{"rfc3339", "rotation_rfc3339"} {
		_, rest, _ := strings.Cut(text, `"`+name+`": "`)
		value, _, _ := strings.Cut(rest, `"`)
		at, err := time.Parse(time.RFC3339, value)
		if err != nil {
			t.Fatal(err)
		}
		text = strings.ReplaceAll(text, value, at.Add(-by).Format(time.RFC3339))
	}
	s.cli(t).Write(t, file, text)
}
