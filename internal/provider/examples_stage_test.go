package provider_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// exampleRoot is the directory of the examples.
const exampleRoot = "../../examples"

// Values in the examples.
const (
	exampleMock  = "http://127.0.0.1:8787"
	exampleKeyID = "AKIDmock"
	exampleKey   = "mock-secret-key"
	exampleRole  = "qcs::cam::uin/100000000001:roleName/radio"
	exampleUser  = "radio"
)

// exampleModule matches the address of a module of the examples.
var exampleModule = regexp.MustCompile(`"github\.com/trtc-community/terraform-provider-trtc//examples/(modules/[a-z]+)\?ref=v[0-9.]+"`)

// exampleToken is the OIDC token of an identity provider.
const exampleToken = "token-of-this-run"

// exampleStage is a copy of the examples with a service, and a CLI whose
// environment points to it.
type exampleStage struct {
	world *acctest.World
	cli   *acctest.CLI
	// dir is the example under test.
	dir string
	// env is the provider's environment.
	env map[string]string
	// home is the user's home directory, as the provider sees it.
	home string
	// warns is true when the example must warn.
	warns bool
	// calls is an action that the example must call, or empty.
	calls string
}

// newExampleStage returns the stage of an example. It skips the test if the CLI
// lacks a feature that the example needs.
func newExampleStage(t *testing.T, dir string, changes ...func(*trtcmock.Options)) *exampleStage {
	t.Helper()
	needsOf(t, dir)
	world := acctest.NewWorld(t, append(changes, func(options *trtcmock.Options) {
		options.Credentials[exampleKeyID] = exampleKey
		options.Roles = map[string]bool{exampleRole: true}
		options.WebIdentityTokens = map[string]bool{exampleToken: true}
		options.CVMRoles = []string{"radio"}
		options.RegionBound = true
	})...)
	stage := &exampleStage{world: world, dir: dir, home: t.TempDir(), env: map[string]string{
		"TENCENTCLOUD_TRTC_ENDPOINT": world.URL,
		"TENCENTCLOUD_STS_ENDPOINT":  world.URL,
		"TENCENTCLOUD_SECRET_ID":     exampleKeyID,
		"TENCENTCLOUD_SECRET_KEY":    exampleKey,
		"TENCENTCLOUD_REGION":        acctest.Region,
		"TRTC_SDK_SECRET_KEY":        acctest.SdkSecretKey,
	}}
	world.Options.HomeDir = func() (string, error) { return stage.home, nil }
	world.Options.MetadataURL = world.URL
	stage.cli = world.CLI(t)
	for _, name := range exampleFiles(t) {
		stage.cli.Write(t, "examples/"+name, stage.here(name, readExample(t, name)))
	}
	return stage
}

// here replaces, in the text of an example, the mock's documented address with
// that of this mock, and the address of a module with its directory.
func (s *exampleStage) here(name, text string) string {
	root := strings.Repeat("../", strings.Count(name, "/"))
	text = exampleModule.ReplaceAllString(text, `"`+root+`$1"`)
	return strings.ReplaceAll(text, exampleMock, s.world.URL)
}

// write writes a file of the example.
func (s *exampleStage) write(t *testing.T, name, text string) {
	t.Helper()
	s.cli.Write(t, "examples/"+s.dir+"/"+name, text)
}

// tfvars sets variables of the example.
func (s *exampleStage) tfvars(t *testing.T, text string) {
	t.Helper()
	s.write(t, "test.auto.tfvars", text)
}

// withoutKeys removes the keys from the environment, for examples with other
// credentials.
func (s *exampleStage) withoutKeys() {
	delete(s.env, "TENCENTCLOUD_SECRET_ID")
	delete(s.env, "TENCENTCLOUD_SECRET_KEY")
}

// keepStateHere replaces the backend of the example with a local one.
func (s *exampleStage) keepStateHere(t *testing.T) {
	t.Helper()
	s.write(t, "backend_override.tf", "terraform {\n  backend \"local\" {}\n}\n")
}

// run runs a command in the example, which must succeed.
func (s *exampleStage) run(t *testing.T, arguments ...string) acctest.Output {
	t.Helper()
	s.world.Setenv(s.env)
	return s.cli.MustRun(t, append([]string{"-chdir=examples/" + s.dir}, arguments...)...)
}

// apply applies the example and checks that the next plan is empty. It must warn
// if and only if warns is set.
func (s *exampleStage) apply(t *testing.T) {
	t.Helper()
	s.run(t, "init")
	output := s.run(t, "apply").Text()
	if warned := strings.Contains(output, "Warning:"); warned != s.warns {
		t.Errorf("warned: %t, want %t: %s", warned, s.warns, output)
	}
	s.run(t, "plan", "-detailed-exitcode")
}

// destroy destroys the example and checks that nothing is running.
func (s *exampleStage) destroy(t *testing.T) {
	t.Helper()
	s.run(t, "destroy")
	s.expectAlive(t, 0)
}

// expectAlive checks the number of running tasks.
func (s *exampleStage) expectAlive(t *testing.T, want int) {
	t.Helper()
	if alive := s.world.Mock.Alive(); len(alive) != want {
		t.Errorf("%d tasks run, want %d: %v", len(alive), want, alive)
	}
}

// script runs a script of the examples, named from the directory of the example,
// with the given variables.
func (s *exampleStage) script(t *testing.T, name string, variables ...string) (string, error) {
	t.Helper()
	for _, program := range []string{"sh", "curl", "jq", "timeout"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("the script needs %s: %v", program, err)
		}
	}
	terraform, programs := s.cli.Command(t), t.TempDir()
	if err := os.Symlink(terraform.Path, filepath.Join(programs, "terraform")); err != nil {
		t.Skipf("the script needs terraform on the PATH: %v", err)
	}
	command := exec.CommandContext(t.Context(), "sh", name)
	command.Dir = filepath.Join(s.cli.Dir, "examples", filepath.FromSlash(s.dir))
	command.Env = slices.Concat(terraform.Env, []string{"PATH=" + programs + string(os.PathListSeparator) + os.Getenv("PATH")}, variables)
	text, err := command.CombinedOutput()
	return string(text), err
}

// startByHand starts the task that the examples describe, as a script would,
// and returns its TaskId.
func (s *exampleStage) startByHand(t *testing.T) string {
	t.Helper()
	session := s.world.Created(t, s.world.Values(t, tfcore.Values{
		"user_id": exampleUser, "user_sig": s.world.UserSig(t, exampleUser), "repeat_num": -1,
	}))
	taskID, _ := session.State()["task_id"].(string)
	return taskID
}

// exampleFiles returns the names of all files below examples/, without those that
// a run leaves behind and .gitignore names.
func exampleFiles(t *testing.T) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(exampleRoot), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".terraform"):
			return fs.SkipDir
		case !entry.IsDir() && !strings.Contains(entry.Name(), ".tfstate") && entry.Name() != ".terraform.lock.hcl":
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func readExample(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(exampleRoot, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// writeHome writes a file in the home directory and returns its path.
func (s *exampleStage) writeHome(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(s.home, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return filepath.ToSlash(file)
}

// needs skips the test if the CLI does not support what a configuration uses.
func needs(t *testing.T, configuration string) {
	t.Helper()
	var used []features.Feature
	for sign, feature := range map[string]features.Feature{
		`action "`:             features.Actions,
		" identity = {":        features.Identity,
		"_wo ":                 features.WriteOnly,
		`ephemeral `:           features.Ephemeral,
		"removed {":            features.Removed,
		"moved {":              features.Moved,
		"import {":             features.ImportBlocks,
		`check "`:              features.Checks,
		"replace_triggered_by": features.ReplaceTriggers,
	} {
		if strings.Contains(configuration, sign) {
			used = append(used, feature)
		}
	}
	acctest.Needs(t, used...)
}

// needsOf calls needs for the example in dir and the modules that it calls.
func needsOf(t *testing.T, dir string) {
	t.Helper()
	configuration := configurationOf(t, dir)
	for called := range exampleDirectories(t) {
		if isModule(called) && strings.Contains(configuration, "//examples/"+called+"?") {
			configuration += configurationOf(t, called)
		}
	}
	needs(t, configuration)
}

// configurationOf returns the configuration of the example in dir.
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
