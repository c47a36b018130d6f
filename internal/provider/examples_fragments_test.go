package provider_test

import (
	"path"
	"regexp"
	"slices"
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
	stage := newExampleStage(t)
	text := readExample(t, name)
	needs(t, text+readFragment(t, fragmentNeeds()[name]))
	imports := strings.Contains(text, "import {")
	if taskPlaceholder.MatchString(text) {
		text = taskPlaceholder.ReplaceAllString(text, stage.startByHand(t))
	}
	stage.compose(t, text, fragmentNeeds()[name])
	stage.warns = imports // About the adoption.
	if path.Base(name) == "action.tf" {
		stage.mustRun(t, "fragment", "apply", "-input=false", "-auto-approve", "-no-color", "-invoke=action.trtc_stream_ingest_stop.orphaned")
		stage.expectAlive(t, 0)
		return
	}
	stage.apply(t, "fragment")
	stage.expectAlive(t, 1)
	stage.destroy(t, "fragment")
}

// readFragment is readExample for a name that may be empty.
func readFragment(t *testing.T, name string) string {
	t.Helper()
	if name == "" {
		return ""
	}
	return readExample(t, name)
}

// compose writes a configuration of a fragment and the ones that it needs.
func (s *exampleStage) compose(t *testing.T, fragment string, more ...string) {
	t.Helper()
	s.write(t, "fragment/fragment.tf", fragment)
	s.write(t, "fragment/provider.tf", readExample(t, "provider/provider.tf"))
	for _, name := range more {
		if name != "" {
			s.write(t, "fragment/"+path.Base(name), readExample(t, name))
		}
	}
}

// TestAccExampleImportCommand runs the command of import.sh.
func TestAccExampleImportCommand(t *testing.T) {
	t.Parallel()
	stage := newExampleStage(t)
	needs(t, readExample(t, "resources/trtc_stream_ingest/resource.tf"))
	command := regexp.MustCompile(`(?m)^terraform (import) (\S+) '(.*)'$`).
		FindStringSubmatch(readExample(t, "resources/trtc_stream_ingest/import.sh"))
	if command == nil {
		t.Fatal("import.sh has no command")
	}
	command[3] = taskPlaceholder.ReplaceAllString(command[3], stage.startByHand(t))
	stage.compose(t, readExample(t, "resources/trtc_stream_ingest/resource.tf"))
	stage.mustRun(t, "fragment", slices.Concat([]string{"import", "-input=false", "-no-color"}, command[2:])...)
	stage.warns = true
	stage.apply(t, "fragment")
	stage.destroy(t, "fragment")
}
