package provider_test

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
)

// Examples that take up what another one has left behind.
const (
	handBackExample = "adopt/hand-back"
	renamedExample  = "many-rooms/renamed"
)

// TestAccExampleModules runs the tests that modules bring along.
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

// TestAccExampleModulesAreTested: a module without a test file is not an
// example.
func TestAccExampleModulesAreTested(t *testing.T) {
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

// TestAccExampleManyRooms: a room that comes, goes or is renamed leaves the
// others alone.
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
			stage.cli.Write(t, "examples/"+dir+"/moved.tf", readExample(t, renamedExample+"/moved.tf"))
		}
		stage.tfvars(t, dir, "rooms = {\n"+step.rooms+"}\n")
		stage.apply(t, dir)
		stage.expectCalls(t, step.calls...)
	}
	stage.destroy(t, dir)
}

// TestAccExampleSwitchSource plays the guide: the new source starts unheard, the
// two trade volumes, the old one is stopped. Nothing else is called.
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

// TestAccExampleHandBack: what was taken over can be given back, and plays on
// all the while.
func TestAccExampleHandBack(t *testing.T) {
	t.Parallel()
	const dir = "adopt/take-over"
	stage := newExampleStage(t)
	needsOf(t, handBackExample)
	examplePreparations()[dir](t, stage, dir)
	stage.apply(t, dir)

	stage.cli.Write(t, "examples/"+dir+"/main.tf", readExample(t, handBackExample+"/main.tf"))
	stage.cli.Write(t, "examples/"+dir+"/test.auto.tfvars", "")
	stage.apply(t, dir)
	stage.expectCalls(t)
	stage.expectAlive(t, 1)
	if state := stage.mustRun(t, dir, "state", "list", "-no-color").Stdout; state != "" {
		t.Errorf("the state still has %s", state)
	}
}
