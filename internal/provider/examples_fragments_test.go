package provider_test

import (
	"path"
	"regexp"
	"strings"
	"testing"
)

// fragmentNeeds maps fragments to the fragment that completes them, besides
// examples/provider/provider.tf.
func fragmentNeeds() map[string]string {
	const resource = "resources/trtc_stream_ingest/resource.tf"
	return map[string]string{
		"data-sources/trtc_stream_ingest/data-source.tf":      resource,
		"resources/trtc_stream_ingest/import-by-string-id.tf": resource,
		"resources/trtc_stream_ingest/import-by-identity.tf":  resource,
	}
}

// taskPlaceholder matches the placeholder of a TaskId in a fragment.
var taskPlaceholder = regexp.MustCompile(`<(TaskId[^>]*|task_id)>`)

// TestAccExampleFragments applies every fragment that is shown on the page of a
// resource, completed by what it needs.
func TestAccExampleFragments(t *testing.T) {
	t.Parallel()
	for dir, files := range exampleDirectories(t) {
		if !isFragmentDirectory(dir) {
			continue
		}
		for _, name := range files {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				testFragment(t, name)
			})
		}
	}
}

func testFragment(t *testing.T, name string) {
	t.Helper()
	text, others := readExample(t, name), []string{}
	if needed, ok := fragmentNeeds()[name]; ok {
		others = append(others, needed)
	}
	stage := newFragmentStage(t, text, others...)
	stage.warns = strings.Contains(text, "import {") // About the adoption.
	if path.Base(name) == "action.tf" {
		stage.run(t, "apply", "-invoke=action.trtc_stream_ingest_stop.orphaned")
		stage.expectAlive(t, 0)
		return
	}
	stage.apply(t)
	stage.expectAlive(t, 1)
	stage.destroy(t)
}

// newFragmentStage returns a stage with a configuration of a fragment and the
// files that it needs. If the fragment has the placeholder of a TaskId, a task runs.
func newFragmentStage(t *testing.T, fragment string, others ...string) *exampleStage {
	t.Helper()
	stage := newExampleStage(t, "fragment")
	for _, name := range append(others, "provider/provider.tf") {
		needs(t, readExample(t, name))
		stage.write(t, path.Base(name), readExample(t, name))
	}
	needs(t, fragment)
	if taskPlaceholder.MatchString(fragment) {
		fragment = taskPlaceholder.ReplaceAllString(fragment, stage.startByHand(t))
	}
	stage.write(t, "fragment.tf", fragment)
	return stage
}

// TestAccExampleImportCommand runs the command of import.sh.
func TestAccExampleImportCommand(t *testing.T) {
	t.Parallel()
	command := regexp.MustCompile(`(?m)^terraform import (\S+) '(.*)'$`).
		FindStringSubmatch(readExample(t, "resources/trtc_stream_ingest/import.sh"))
	if command == nil {
		t.Fatal("import.sh has no command")
	}
	stage := newFragmentStage(t, readExample(t, "resources/trtc_stream_ingest/resource.tf"))
	stage.run(t, "import", command[1], taskPlaceholder.ReplaceAllString(command[2], stage.startByHand(t)))
	stage.warns = true
	stage.apply(t)
	stage.destroy(t)
}
