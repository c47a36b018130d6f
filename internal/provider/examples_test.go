package provider_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccExamples applies, plans and destroys every directory of examples/ that
// is a complete configuration.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	for _, dir := range exampleRoots(t) {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			stage := newExampleStage(t, func(options *trtcmock.Options) { options.China = dir == "china-site" })
			needsOf(t, dir)
			if prepare := examplePreparations()[dir]; prepare != nil {
				prepare(t, stage, dir)
			}
			stage.apply(t, dir)
			if alive := len(stage.world.Mock.Alive()); alive == 0 && dir != "provider" {
				t.Error("the example starts nothing")
			}
			if !slices.Contains(append(stage.world.Calls(), ""), stage.calls) {
				t.Errorf("%s was not called", stage.calls)
			}
			stage.destroy(t, dir)
		})
	}
}

// exampleRoots returns the directories with a terraform block. Other
// directories must be fragments or modules with their own tests.
func exampleRoots(t *testing.T) []string {
	t.Helper()
	var roots []string
	for dir, files := range exampleDirectories(t) {
		isRoot := slices.ContainsFunc(files, func(name string) bool {
			return strings.Contains(readExample(t, name), "required_providers")
		})
		tested := isFragmentDirectory(dir) || isModule(dir) || isTestModule(dir) || slices.Contains(otherRoots(), dir)
		switch {
		case isRoot && !tested:
			roots = append(roots, dir)
		case !tested:
			t.Errorf("%s has no terraform block, and is neither a fragment nor a module", dir)
		}
	}
	slices.Sort(roots)
	return roots
}

// otherRoots returns the directories that have tests of their own.
func otherRoots() []string {
	return []string{handBackExample, renamedExample, rotatingExample, twoApplicationsExample}
}

// exampleDirectories returns the directories below examples/ with *.tf files,
// and those files.
func exampleDirectories(t *testing.T) map[string][]string {
	t.Helper()
	directories := map[string][]string{}
	for _, name := range exampleFiles(t) {
		if path.Ext(name) == ".tf" {
			directories[path.Dir(name)] = append(directories[path.Dir(name)], name)
		}
	}
	return directories
}

func isModule(dir string) bool { return path.Dir(dir) == "modules" }

// isTestModule reports whether a directory is a module that only the tests of
// another module use.
func isTestModule(dir string) bool {
	return strings.HasPrefix(dir, "modules/") && strings.Contains(dir, "/tests/")
}

// isFragmentDirectory reports whether the files of a directory are shown on the
// page of a resource, each incomplete without another one.
func isFragmentDirectory(dir string) bool {
	kind, _, _ := strings.Cut(dir, "/")
	return slices.Contains([]string{"resources", "data-sources", "ephemeral-resources", "actions"}, kind)
}

// examplePreparations set up what examples require from their environment.
func examplePreparations() map[string]func(*testing.T, *exampleStage, string) {
	return map[string]func(*testing.T, *exampleStage, string){
		"adopt/take-over": func(t *testing.T, stage *exampleStage, dir string) {
			t.Helper()
			stage.warns = true // About the adoption.
			stage.tfvars(t, dir, `task_id = "`+stage.startByHand(t)+`"`)
		},
		"authentication/assume-role": func(_ *testing.T, stage *exampleStage, _ string) {
			stage.calls = "AssumeRole"
		},
		"authentication/profile": func(t *testing.T, stage *exampleStage, _ string) {
			t.Helper()
			stage.withoutKeys()
			delete(stage.env, "TENCENTCLOUD_REGION")
			stage.writeHome(t, ".tccli/staging.credential", readExample(t, "authentication/profile/staging.credential"))
			stage.writeHome(t, ".tccli/staging.configure", readExample(t, "authentication/profile/staging.configure"))
		},
		"authentication/github-actions": func(t *testing.T, stage *exampleStage, dir string) {
			t.Helper()
			stage.withoutKeys()
			stage.tfvars(t, dir, `token_file = "`+stage.writeHome(t, "token", exampleToken)+`"`)
		},
		"authentication/gitlab-ci": withIdentityToken,
		"authentication/cvm-role": func(_ *testing.T, stage *exampleStage, _ string) {
			stage.withoutKeys()
		},
		"authentication/tke-pod": func(t *testing.T, stage *exampleStage, _ string) {
			t.Helper()
			stage.withoutKeys()
			stage.env["TKE_REGION"] = "ap-singapore"
			stage.env["TKE_PROVIDER_ID"] = "tke"
			stage.env["TKE_ROLE_ARN"] = exampleRole
			stage.env["TKE_WEB_IDENTITY_TOKEN_FILE"] = stage.writeHome(t, "token", exampleToken)
		},
		"ci/github": func(t *testing.T, stage *exampleStage, dir string) {
			t.Helper()
			stage.keepStateHere(t, dir)
			stage.logIn(t)
		},
		"ci/gitlab": func(t *testing.T, stage *exampleStage, dir string) {
			t.Helper()
			stage.keepStateHere(t, dir)
			withIdentityToken(t, stage, dir)
		},
		"tickets/from-elsewhere": func(t *testing.T, stage *exampleStage, dir string) {
			t.Helper()
			stage.tfvars(t, dir, `user_sig = "`+stage.world.UserSig(t, exampleUser)+`"
signed_url = "https://radio.example.com/live.flv?sign=secret"
`)
		},
		"tickets/in-state": func(t *testing.T, stage *exampleStage, dir string) {
			t.Helper()
			stage.tfvars(t, dir, `user_sig = "`+stage.world.UserSig(t, exampleUser)+`"`)
		},
	}
}

func withIdentityToken(_ *testing.T, stage *exampleStage, _ string) {
	stage.withoutKeys()
	stage.env["TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN"] = exampleToken
}

// TestAccExamplesAreFormatted checks the examples with terraform fmt.
func TestAccExamplesAreFormatted(t *testing.T) {
	t.Parallel()
	output := newExampleStage(t).cli(t).Run(t, "fmt", "-check", "-recursive", "-diff", "-no-color", "examples")
	if output.ExitCode != 0 {
		t.Errorf("run make fmt:\n%s%s", output.Stdout, output.Stderr)
	}
}

// TestAccExampleSettings checks that the CLI accepts the settings for a mirror.
func TestAccExampleSettings(t *testing.T) {
	t.Parallel()
	stage := newExampleStage(t)
	for _, name := range exampleFiles(t) {
		if path.Ext(name) != ".tfrc" {
			continue
		}
		command := stage.cli(t).Command(t, "version", "-no-color")
		command.Env = append(command.Env, "TF_CLI_CONFIG_FILE=examples/"+name)
		text, err := command.CombinedOutput()
		if err != nil || strings.Contains(string(text), "CLI configuration") {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
}

// TestExampleFaults checks that the mock accepts the fault script.
func TestExampleFaults(t *testing.T) {
	t.Parallel()
	var faults []trtcmock.Fault
	if err := json.Unmarshal([]byte(readExample(t, "testing/faults.json")), &faults); err != nil {
		t.Fatal(err)
	}
	if err := trtcmock.New(trtcmock.Options{}).Inject(faults...); err != nil || len(faults) == 0 {
		t.Errorf("%d faults: %v", len(faults), err)
	}
}

// TestExampleDocuments checks that .json files are JSON.
func TestExampleDocuments(t *testing.T) {
	t.Parallel()
	for _, name := range exampleFiles(t) {
		if path.Ext(name) == ".json" && !json.Valid([]byte(readExample(t, name))) {
			t.Errorf("%s is not JSON", name)
		}
	}
}

// Examples that continue another one.
const (
	handBackExample = "adopt/hand-back"
	renamedExample  = "many-rooms/renamed"
)

// TestAccExampleModules runs the tests of the modules.
func TestAccExampleModules(t *testing.T) {
	t.Parallel()
	for dir := range exampleDirectories(t) {
		if !isModule(dir) {
			continue
		}
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			stage := newExampleStage(t)
			needsOf(t, dir)
			stage.mustRun(t, dir, "init", "-input=false", "-no-color")
			output := stage.mustRun(t, dir, "test", "-no-color")
			if !strings.Contains(output.Stdout, "0 failed") || strings.Contains(output.Stdout, " 0 passed") {
				t.Errorf("the module has no tests:\n%s", output.Stdout)
			}
			if !slices.Contains(stage.world.Calls(), acctest.Start) {
				t.Error("the module's tests start nothing")
			}
			stage.expectAlive(t, 0)
		})
	}
}

// TestAccExampleMockProvider runs the test that needs no mock of the service.
func TestAccExampleMockProvider(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.MockProviders)
	const module = "modules/radio"
	stage := newExampleStage(t)
	stage.write(t, module+"/tests/without_mock.tftest.hcl", readExample(t, "testing/mock-provider.tftest.hcl"))
	stage.mustRun(t, module, "init", "-input=false", "-no-color")
	output := stage.mustRun(t, module, "test", "-no-color", "-filter=tests/without_mock.tftest.hcl")
	if !strings.Contains(output.Stdout, "1 passed, 0 failed") {
		t.Errorf("the test did not run:\n%s", output.Stdout)
	}
	if calls := stage.world.Calls(); len(calls) > 0 {
		t.Errorf("the provider sent %v", calls)
	}
}

// TestExampleModulesAreTested checks that every module has a test file.
func TestExampleModulesAreTested(t *testing.T) {
	t.Parallel()
	files := exampleFiles(t)
	for dir := range exampleDirectories(t) {
		tested := slices.ContainsFunc(files, func(name string) bool {
			return path.Dir(name) == dir+"/tests" && strings.HasSuffix(name, ".tftest.hcl")
		})
		if isModule(dir) && !tested {
			t.Errorf("%s has no tests", dir)
		}
	}
}

// TestAccExampleManyRooms checks that adding, removing or renaming a room does
// not affect the others.
func TestAccExampleManyRooms(t *testing.T) {
	t.Parallel()
	const (
		dir    = "many-rooms"
		garden = "garden = { room_id = \"1002\", stream_url = \"https://media.example.com/garden.flv\" }\n"
		stage3 = "stage = { room_id = \"1003\", stream_url = \"rtmp://media.example.com/live/stage\", volume = 80 }\n"
		lobby  = "{ room_id = \"1001\", stream_url = \"https://media.example.com/lobby.flv\" }\n"
	)
	stage := newExampleStage(t)
	needsOf(t, dir)
	for _, step := range []struct {
		rooms string
		calls []string
	}{
		{"lobby = " + lobby + garden, []string{acctest.Start, acctest.Start}},
		{"lobby = " + lobby + garden + stage3, []string{acctest.Start}},
		{"foyer = " + lobby + garden + stage3, nil},
		{"foyer = " + lobby + stage3, []string{acctest.Stop}},
	} {
		if strings.HasPrefix(step.rooms, "foyer") {
			stage.write(t, dir+"/moved.tf", readExample(t, renamedExample+"/moved.tf"))
		}
		stage.tfvars(t, dir, "rooms = {\n"+step.rooms+"}\n")
		stage.apply(t, dir)
		stage.expectCalls(t, step.calls...)
	}
	stage.destroy(t, dir)
}

// TestAccExampleSwitchSource follows the guide: start the new source silently,
// swap the volumes, stop the old one. Nothing else is called.
func TestAccExampleSwitchSource(t *testing.T) {
	t.Parallel()
	const (
		dir   = "switch-source"
		one   = "sources = { studio = \"https://radio.example.com/studio.flv\" }\n"
		both  = "sources = { studio = \"https://radio.example.com/studio.flv\", backup = \"https://radio.example.com/backup.flv\" }\n"
		other = "sources = { backup = \"https://radio.example.com/backup.flv\" }\n"
	)
	stage := newExampleStage(t)
	needsOf(t, dir)
	for _, step := range []struct {
		variables string
		calls     []string
		volumes   map[string]uint64
	}{
		{one + `on_air = "studio"`, []string{acctest.Start}, map[string]uint64{"radio-studio": 100}},
		{both + `on_air = "studio"`, []string{acctest.Start}, map[string]uint64{"radio-studio": 100, "radio-backup": 0}},
		{both + `on_air = "backup"`, []string{acctest.Update, acctest.Update}, map[string]uint64{"radio-studio": 0, "radio-backup": 100}},
		{other + `on_air = "backup"`, []string{acctest.Stop}, map[string]uint64{"radio-backup": 100}},
	} {
		stage.tfvars(t, dir, step.variables)
		stage.apply(t, dir)
		stage.expectCalls(t, step.calls...)
		stage.expectAlive(t, len(step.volumes))
		for _, task := range stage.world.Mock.Alive() {
			if want, exists := step.volumes[task.UserID]; !exists || task.Volume != want {
				t.Errorf("%s plays at volume %d, want %v", task.UserID, task.Volume, step.volumes)
			}
		}
	}
	stage.destroy(t, dir)
}

// TestAccExampleHandBack checks that an imported task can be removed from state
// while it plays.
func TestAccExampleHandBack(t *testing.T) {
	t.Parallel()
	const dir = "adopt/take-over"
	stage := newExampleStage(t)
	needsOf(t, handBackExample)
	examplePreparations()[dir](t, stage, dir)
	stage.apply(t, dir)

	for _, name := range []string{"main.tf", "removed.tf"} {
		stage.write(t, dir+"/"+name, readExample(t, handBackExample+"/"+name))
	}
	stage.write(t, dir+"/test.auto.tfvars", "")
	stage.apply(t, dir)
	stage.expectCalls(t)
	stage.expectAlive(t, 1)
	if state := stage.mustRun(t, dir, "state", "list", "-no-color").Stdout; state != "" {
		t.Errorf("the state still has %s", state)
	}
}

// TestAccExampleCheck checks that the scheduled check reports a stream that has
// ended, and nothing while everything plays.
func TestAccExampleCheck(t *testing.T) {
	t.Parallel()
	const dir = "ci/github"
	stage := newExampleStage(t)
	needsOf(t, dir)
	stage.keepStateHere(t, dir)
	stage.apply(t, dir)
	if output, err := stage.checkScript(t, dir); err != nil || !strings.Contains(output, "All tasks are in progress.") {
		t.Errorf("while the stream plays: %v\n%s", err, output)
	}
	stage.world.FinishAll()
	if output, err := stage.checkScript(t, dir); err == nil || !strings.Contains(output, "Ended: module.radio.trtc_stream_ingest.stream[\"radio\"]") {
		t.Errorf("after the stream ended: %v\n%s", err, output)
	}
}

// checkScript runs check.sh next to the example's state.
func (s *exampleStage) checkScript(t *testing.T, dir string) (string, error) {
	t.Helper()
	return s.script(t, dir, "check.sh")
}

// script runs a script of the examples, named from the example in dir, with the
// given variables.
func (s *exampleStage) script(t *testing.T, dir, name string, variables ...string) (string, error) {
	t.Helper()
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skipf("the script needs jq: %v", err)
	}
	cli := s.cli(t).Command(t)
	programs := t.TempDir()
	if err := os.Symlink(cli.Path, filepath.Join(programs, "terraform")); err != nil {
		t.Skipf("the script needs terraform on the PATH: %v", err)
	}
	command := exec.CommandContext(t.Context(), "sh", name)
	command.Dir = filepath.Join(cli.Dir, "examples", filepath.FromSlash(dir))
	command.Env = slices.Concat(cli.Env, variables, []string{"PATH=" + programs + string(os.PathListSeparator) + os.Getenv("PATH")})
	text, err := command.CombinedOutput()
	return string(text), err
}
