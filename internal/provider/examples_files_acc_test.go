package provider_test

import (
	"encoding/json"
	"path"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccExamplesAreFormatted: examples look as terraform fmt writes them.
func TestAccExamplesAreFormatted(t *testing.T) {
	t.Parallel()
	output := newExampleStage(t).cli.Run(t, "fmt", "-check", "-recursive", "-diff", "-no-color", "examples")
	if output.ExitCode != 0 {
		t.Errorf("run make fmt:\n%s%s", output.Stdout, output.Stderr)
	}
}

// TestAccExampleSettings: the command line takes the settings that lead it to a
// mirror.
func TestAccExampleSettings(t *testing.T) {
	t.Parallel()
	stage := newExampleStage(t)
	for _, name := range exampleFiles(t) {
		if path.Ext(name) != ".tfrc" {
			continue
		}
		command := stage.cli.Command(t, "version", "-no-color")
		command.Env = append(command.Env, "TF_CLI_CONFIG_FILE=examples/"+name)
		text, err := command.CombinedOutput()
		if err != nil || strings.Contains(string(text), "CLI configuration") {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
}

// TestExampleFaults: the mock takes the script of faults.
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

// TestExampleDocuments: what ends in .json is JSON.
func TestExampleDocuments(t *testing.T) {
	t.Parallel()
	for _, name := range exampleFiles(t) {
		if path.Ext(name) == ".json" && !json.Valid([]byte(readExample(t, name))) {
			t.Errorf("%s is not JSON", name)
		}
	}
}
