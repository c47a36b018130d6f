package provider_test

import (
	"io/fs"
	"maps"
	"os"
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
	// files are the files of the working directory, by name, until there is a
	// CLI.
	files map[string]string
	// started is nil until the first command.
	started *acctest.CLI
	// env is the provider's environment. Set it before the first command.
	env map[string]string
	// home is the user's home directory, as the provider sees it.
	home string
	// mirror is the directory of a filesystem mirror whose providers the CLI
	// runs. If it is empty, the provider is served from this process.
	mirror string
	// warns is true when the example must warn.
	warns bool
	// calls is an action that the example must call, or empty.
	calls string
}

func newExampleStage(t *testing.T, changes ...func(*trtcmock.Options)) *exampleStage {
	t.Helper()
	world := acctest.NewWorld(t, append(changes, func(options *trtcmock.Options) {
		options.Credentials[exampleKeyID] = exampleKey
		options.Roles = map[string]bool{exampleRole: true}
		options.WebIdentityTokens = map[string]bool{exampleToken: true}
		options.CVMRoles = []string{"radio"}
		options.RegionBound = true
	})...)
	stage := &exampleStage{world: world, files: map[string]string{}, home: t.TempDir(), env: map[string]string{
		"TENCENTCLOUD_TRTC_ENDPOINT": world.URL,
		"TENCENTCLOUD_STS_ENDPOINT":  world.URL,
		"TENCENTCLOUD_SECRET_ID":     exampleKeyID,
		"TENCENTCLOUD_SECRET_KEY":    exampleKey,
		"TENCENTCLOUD_REGION":        acctest.Region,
		"TRTC_SDK_SECRET_KEY":        acctest.SdkSecretKey,
	}}
	world.Options.HomeDir = func() (string, error) { return stage.home, nil }
	world.Options.MetadataURL = world.URL
	setVariables(world, stage.env)
	for _, name := range exampleFiles(t) {
		stage.write(t, name, stage.here(name, readExample(t, name)))
	}
	return stage
}

// cli returns the command line. The first call starts the provider that it
// uses, with a copy of the environment: another goroutine reads it from then on.
func (s *exampleStage) cli(t *testing.T) *acctest.CLI {
	t.Helper()
	if s.started == nil {
		setVariables(s.world, maps.Clone(s.env))
		s.started = s.startCLI(t)
		for name, text := range s.files {
			s.started.Write(t, "examples/"+name, text)
		}
	}
	return s.started
}

// startCLI returns the CLI with the providers of the stage.
func (s *exampleStage) startCLI(t *testing.T) *acctest.CLI {
	t.Helper()
	if s.mirror == "" {
		return s.world.CLI(t)
	}
	var variables []string
	for name, value := range s.env {
		variables = append(variables, name+"="+value)
	}
	return acctest.MirroredCLI(t, s.mirror, variables...)
}

// write writes a file below examples/ in the working directory.
func (s *exampleStage) write(t *testing.T, name, text string) {
	t.Helper()
	if s.started == nil {
		s.files[name] = text
		return
	}
	s.started.Write(t, "examples/"+name, text)
}

// here replaces, in the text of an example, the mock's documented address with
// that of this mock, and the address of a module with its directory.
func (s *exampleStage) here(name, text string) string {
	root := strings.Repeat("../", strings.Count(name, "/"))
	text = exampleModule.ReplaceAllString(text, `"`+root+`$1"`)
	return strings.ReplaceAll(text, exampleMock, s.world.URL)
}

// withoutKeys removes the keys from the environment, for examples with other
// credentials.
func (s *exampleStage) withoutKeys() {
	delete(s.env, "TENCENTCLOUD_SECRET_ID")
	delete(s.env, "TENCENTCLOUD_SECRET_KEY")
}

// tfvars sets variables of the example in dir.
func (s *exampleStage) tfvars(t *testing.T, dir, text string) {
	t.Helper()
	s.write(t, dir+"/test.auto.tfvars", text)
}

// keepStateHere replaces the backend of the example in dir by a local one.
func (s *exampleStage) keepStateHere(t *testing.T, dir string) {
	t.Helper()
	s.write(t, dir+"/backend_override.tf", "terraform {\n  backend \"local\" {}\n}\n")
}

// run runs a command in the example in dir.
func (s *exampleStage) run(t *testing.T, dir string, arguments ...string) acctest.Output {
	t.Helper()
	return s.cli(t).Run(t, append([]string{"-chdir=" + "examples/" + dir}, arguments...)...)
}

// mustRun runs a command in the example in dir; it must succeed.
func (s *exampleStage) mustRun(t *testing.T, dir string, arguments ...string) acctest.Output {
	t.Helper()
	return s.cli(t).MustRun(t, append([]string{"-chdir=" + "examples/" + dir}, arguments...)...)
}

// apply applies the example in dir and checks that the following plan is empty.
// It must warn if and only if warns is set.
func (s *exampleStage) apply(t *testing.T, dir string) {
	t.Helper()
	s.mustRun(t, dir, "init", "-input=false", "-no-color")
	output := s.mustRun(t, dir, "apply", "-input=false", "-auto-approve", "-no-color")
	if warned := strings.Contains(output.Stdout+output.Stderr, "Warning:"); warned != s.warns {
		t.Errorf("warned: %t, want %t:\n%s%s", warned, s.warns, output.Stdout, output.Stderr)
	}
	s.expectEmptyPlan(t, dir)
}

func (s *exampleStage) expectEmptyPlan(t *testing.T, dir string) {
	t.Helper()
	if output := s.run(t, dir, "plan", "-input=false", "-detailed-exitcode", "-no-color"); output.ExitCode != 0 {
		t.Errorf("the plan after the apply: exit code %d\n%s%s", output.ExitCode, output.Stdout, output.Stderr)
	}
}

// destroy destroys the example in dir and checks that nothing is running.
func (s *exampleStage) destroy(t *testing.T, dir string) {
	t.Helper()
	s.mustRun(t, dir, "destroy", "-input=false", "-auto-approve", "-no-color")
	s.expectAlive(t, 0)
}

// expectAlive checks the number of running tasks.
func (s *exampleStage) expectAlive(t *testing.T, want int) {
	t.Helper()
	if alive := s.world.Mock.Alive(); len(alive) != want {
		t.Errorf("%d tasks run, want %d: %v", len(alive), want, alive)
	}
}

// expectCalls checks the calls since the last check, without reads.
func (s *exampleStage) expectCalls(t *testing.T, want ...string) {
	t.Helper()
	if got := s.world.ChangingCalls(); !slices.Equal(got, want) {
		t.Errorf("calls that change something = %v, want %v", got, want)
	}
	s.world.Mock.ResetJournal()
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
