package provider_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccPrivateState checks that the mark of a planned change is in no state,
// whatever the change did, and that a refresh changes nothing.
func TestAccPrivateState(t *testing.T) {
	t.Parallel()
	w := newLaterRun(t)
	w.b = nil
	w.mustRun(t, "apply")
	for _, step := range []struct {
		argument, value string
		faults          []trtcmock.Fault
		exitCode        int
	}{
		{"volume", "7", nil, 0},
		{"volume", "8", []trtcmock.Fault{acctest.RejectNext(acctest.Update, "UnauthorizedOperation")}, 1},
		{"seek_second", "60", []trtcmock.Fault{acctest.RejectNext(acctest.Stop, "UnauthorizedOperation")}, 1},
		{"seek_second", "60", nil, 0},
	} {
		w.a[step.argument] = step.value
		w.Inject(t, step.faults...)
		if output := w.run(t, "apply"); output.ExitCode != step.exitCode {
			t.Fatalf("%+v: %s", step, output.Text())
		}
		private := w.private(t)
		w.mustRun(t, "apply", "-refresh-only")
		if refreshed := w.private(t); strings.Contains(private, "changing") || refreshed != private {
			t.Errorf("%+v: the private state is %s, and %s after a refresh", step, private, refreshed)
		}
	}
}

// private returns the private state of the first resource.
func (w *laterRun) private(t *testing.T) string {
	t.Helper()
	var state struct {
		Resources []struct {
			Instances []struct{ Private []byte }
		}
	}
	if err := json.Unmarshal([]byte(w.cli.Read(t, "terraform.tfstate")), &state); err != nil {
		t.Fatal(err)
	}
	return string(state.Resources[0].Instances[0].Private)
}

// TestAccSavedPlan checks what the CI guide says about a saved plan that is
// applied in another environment than it was made in.
func TestAccSavedPlan(t *testing.T) {
	t.Parallel()
	noKey, mumbai := map[string]string{"TRTC_SDK_SECRET_KEY": ""}, map[string]string{"TENCENTCLOUD_REGION": "ap-mumbai"}
	region, replaced := acctest.Arguments{"region": fmt.Sprintf("%q", acctest.Region)}, acctest.Arguments{"seek_second": "9"}
	for name, test := range map[string]struct {
		// plan is a command. If it changes something, a task is running.
		plan      string
		arguments acctest.Arguments
		env       map[string]string
		// refused is what the error says, or empty for success.
		refused string
		calls   []string
	}{
		"same environment":            {"plan", nil, nil, "", []string{acctest.Start}},
		"another region":              {"plan", nil, mumbai, "Provider produced inconsistent final plan", nil},
		"region in the configuration": {"plan", region, mumbai, "", []string{acctest.Start}},
		"no ticket":                   {"plan", nil, noKey, "Error: A ticket is required to start the task", nil},
		// Terraform stops the old task first.
		"replacement, another region": {"plan -refresh", replaced, mumbai, "Provider produced inconsistent final plan", []string{acctest.Stop}},
		"replacement, no ticket":      {"plan -refresh", replaced, noKey, "A ticket is required to start the task", []string{acctest.Stop}},
		"destroy, no ticket":          {"plan -destroy", nil, noKey, "", []string{acctest.Stop}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newLaterRun(t)
			w.b = nil
			command := strings.Fields(test.plan)
			if len(command) > 1 {
				w.mustRun(t, "apply")
			}
			w.a = merge(w.a, test.arguments)
			w.mustRun(t, slices.Concat(command, []string{"-out=saved"})...)
			w.setenv(test.env)
			output := w.run(t, "apply", "saved")
			if (output.ExitCode == 0) != (test.refused == "") || !strings.Contains(output.Text(), test.refused) {
				t.Errorf("exit code %d, want %q: %s", output.ExitCode, test.refused, output.Text())
			}
			w.ExpectChanges(t, test.calls...)
		})
	}
}
