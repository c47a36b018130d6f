package provider_test

import (
	"encoding/json"
	"path"
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
			stage := newExampleStage(t, dir, func(options *trtcmock.Options) { options.China = dir == "china-site" })
			if prepare := examplePreparations()[dir]; prepare != nil {
				prepare(t, stage)
			}
			stage.apply(t)
			if alive := len(stage.world.Mock.Alive()); alive == 0 && dir != "provider" {
				t.Error("the example starts nothing")
			}
			if !slices.Contains(append(stage.world.Calls(), ""), stage.calls) {
				t.Errorf("%s was not called", stage.calls)
			}
			stage.destroy(t)
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
func examplePreparations() map[string]func(*testing.T, *exampleStage) {
	return map[string]func(*testing.T, *exampleStage){
		"adopt/take-over": func(t *testing.T, stage *exampleStage) {
			t.Helper()
			stage.warns = true // About the adoption.
			stage.tfvars(t, `task_id = "`+stage.startByHand(t)+`"`)
		},
		"authentication/assume-role": func(_ *testing.T, stage *exampleStage) {
			stage.calls = "AssumeRole"
		},
		"authentication/profile": func(t *testing.T, stage *exampleStage) {
			t.Helper()
			stage.withoutKeys()
			delete(stage.env, "TENCENTCLOUD_REGION")
			stage.writeHome(t, ".tccli/staging.credential", readExample(t, "authentication/profile/staging.credential"))
			stage.writeHome(t, ".tccli/staging.configure", readExample(t, "authentication/profile/staging.configure"))
		},
		"authentication/github-actions": func(t *testing.T, stage *exampleStage) {
			t.Helper()
			stage.withoutKeys()
			stage.tfvars(t, `token_file = "`+stage.writeHome(t, "token", exampleToken)+`"`)
		},
		"authentication/gitlab-ci": withIdentityToken,
		"authentication/cvm-role": func(_ *testing.T, stage *exampleStage) {
			stage.withoutKeys()
		},
		"authentication/tke-pod": func(t *testing.T, stage *exampleStage) {
			t.Helper()
			stage.withoutKeys()
			stage.env["TKE_REGION"] = "ap-singapore"
			stage.env["TKE_PROVIDER_ID"] = "tke"
			stage.env["TKE_ROLE_ARN"] = exampleRole
			stage.env["TKE_WEB_IDENTITY_TOKEN_FILE"] = stage.writeHome(t, "token", exampleToken)
		},
		"ci/github": func(t *testing.T, stage *exampleStage) {
			t.Helper()
			stage.keepStateHere(t)
			stage.logIn(t)
		},
		"ci/gitlab": func(t *testing.T, stage *exampleStage) {
			t.Helper()
			stage.keepStateHere(t)
			withIdentityToken(t, stage)
		},
		"tickets/from-elsewhere": func(t *testing.T, stage *exampleStage) {
			t.Helper()
			stage.tfvars(t, `user_sig = "`+stage.world.UserSig(t, exampleUser)+`"
signed_url = "https://radio.example.com/live.flv?sign=secret"
`)
		},
		"tickets/in-state": func(t *testing.T, stage *exampleStage) {
			t.Helper()
			stage.tfvars(t, `user_sig = "`+stage.world.UserSig(t, exampleUser)+`"`)
		},
	}
}

func withIdentityToken(_ *testing.T, stage *exampleStage) {
	stage.withoutKeys()
	stage.env["TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN"] = exampleToken
}

// TestAccExamplesAreFormatted checks the examples with terraform fmt.
func TestAccExamplesAreFormatted(t *testing.T) {
	t.Parallel()
	output := newExampleStage(t, "provider").cli.Run(t, "fmt", "-check", "-recursive", "-diff", "examples")
	if output.ExitCode != 0 {
		t.Errorf("run make fmt:\n%s%s", output.Stdout, output.Stderr)
	}
}

// TestAccExampleSettings checks that the CLI accepts the settings for a mirror.
func TestAccExampleSettings(t *testing.T) {
	t.Parallel()
	cli := newExampleStage(t, "mirror").cli
	for _, name := range exampleFiles(t) {
		if path.Ext(name) != ".tfrc" {
			continue
		}
		cli.Env = append(cli.Env, "TF_CLI_CONFIG_FILE=examples/"+name)
		if output := cli.MustRun(t, "version").Text(); strings.Contains(output, "CLI configuration") {
			t.Errorf("%s: %s", name, output)
		}
	}
}

// TestExampleDocuments checks that .json files are JSON, and that the mock accepts
// the fault script.
func TestExampleDocuments(t *testing.T) {
	t.Parallel()
	for _, name := range exampleFiles(t) {
		if path.Ext(name) == ".json" && !json.Valid([]byte(readExample(t, name))) {
			t.Errorf("%s is not JSON", name)
		}
	}
	var faults []trtcmock.Fault
	if err := json.Unmarshal([]byte(readExample(t, "testing/faults.json")), &faults); err != nil {
		t.Fatal(err)
	}
	if err := trtcmock.New(trtcmock.Options{}).Inject(faults...); err != nil || len(faults) == 0 {
		t.Errorf("%d faults: %v", len(faults), err)
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
			stage := newExampleStage(t, dir)
			stage.run(t, "init")
			if output := stage.run(t, "test").Stdout; !strings.Contains(output, "0 failed") || strings.Contains(output, " 0 passed") {
				t.Errorf("the module has no tests:\n%s", output)
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
	stage := newExampleStage(t, "modules/radio")
	stage.write(t, "tests/without_mock.tftest.hcl", readExample(t, "testing/mock-provider.tftest.hcl"))
	stage.run(t, "init")
	output := stage.run(t, "test", "-filter=tests/without_mock.tftest.hcl").Stdout
	if !strings.Contains(output, "1 passed, 0 failed") {
		t.Errorf("the test did not run:\n%s", output)
	}
	if calls := stage.world.Calls(); len(calls) > 0 {
		t.Errorf("the provider sent %v", calls)
	}
}

// TestAccExampleManyRooms checks that adding, removing or renaming a room does
// not affect the others.
func TestAccExampleManyRooms(t *testing.T) {
	t.Parallel()
	const (
		garden = "garden = { room_id = \"1002\", stream_url = \"https://media.example.com/garden.flv\" }\n"
		stage3 = "stage = { room_id = \"1003\", stream_url = \"rtmp://media.example.com/live/stage\", volume = 80 }\n"
		lobby  = "{ room_id = \"1001\", stream_url = \"https://media.example.com/lobby.flv\" }\n"
	)
	stage := newExampleStage(t, "many-rooms")
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
			stage.write(t, "moved.tf", readExample(t, renamedExample+"/moved.tf"))
		}
		stage.tfvars(t, "rooms = {\n"+step.rooms+"}\n")
		stage.apply(t)
		stage.world.ExpectChanges(t, step.calls...)
	}
	stage.destroy(t)
}

// TestAccExampleSwitchSource follows the guide: start the new source silently,
// swap the volumes, stop the old one. Nothing else is called.
func TestAccExampleSwitchSource(t *testing.T) {
	t.Parallel()
	const (
		one   = "sources = { studio = \"https://radio.example.com/studio.flv\" }\n"
		both  = "sources = { studio = \"https://radio.example.com/studio.flv\", backup = \"https://radio.example.com/backup.flv\" }\n"
		other = "sources = { backup = \"https://radio.example.com/backup.flv\" }\n"
	)
	stage := newExampleStage(t, "switch-source")
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
		stage.tfvars(t, step.variables)
		stage.apply(t)
		stage.world.ExpectChanges(t, step.calls...)
		stage.expectAlive(t, len(step.volumes))
		for _, task := range stage.world.Mock.Alive() {
			if want, exists := step.volumes[task.UserID]; !exists || task.Volume != want {
				t.Errorf("%s plays at volume %d, want %v", task.UserID, task.Volume, step.volumes)
			}
		}
	}
	stage.destroy(t)
}

// TestAccExampleHandBack checks that an imported task can be removed from state
// while it plays.
func TestAccExampleHandBack(t *testing.T) {
	t.Parallel()
	needsOf(t, handBackExample)
	stage := newExampleStage(t, "adopt/take-over")
	examplePreparations()[stage.dir](t, stage)
	stage.apply(t)

	for _, name := range []string{"main.tf", "removed.tf"} {
		stage.write(t, name, readExample(t, handBackExample+"/"+name))
	}
	stage.tfvars(t, "")
	stage.apply(t)
	stage.world.ExpectChanges(t)
	stage.expectAlive(t, 1)
	if state := stage.run(t, "state", "list").Stdout; state != "" {
		t.Errorf("the state still has %s", state)
	}
}

// TestAccExampleCheck checks that the scheduled check reports a stream that has
// ended, and nothing while everything plays.
func TestAccExampleCheck(t *testing.T) {
	t.Parallel()
	stage := newExampleStage(t, "ci/github")
	stage.keepStateHere(t)
	stage.apply(t)
	if output, err := stage.script(t, "check.sh"); err != nil || !strings.Contains(output, "All tasks are in progress.") {
		t.Errorf("while the stream plays: %v\n%s", err, output)
	}
	stage.world.FinishAll()
	if output, err := stage.script(t, "check.sh"); err == nil || !strings.Contains(output, "Ended: module.radio.trtc_stream_ingest.stream[\"radio\"]") {
		t.Errorf("after the stream ended: %v\n%s", err, output)
	}
}
