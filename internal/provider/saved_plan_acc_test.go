package provider_test

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
)

// savedPlans is a world whose environment differs between the plan and the apply
// of a saved plan.
type savedPlans struct {
	*acctest.World

	variables atomic.Pointer[map[string]string]
}

func newSavedPlans(t *testing.T) *savedPlans {
	t.Helper()
	w := &savedPlans{World: acctest.NewWorld(t)}
	w.Options.LookupEnv = func(name string) (string, bool) {
		value, ok := (*w.variables.Load())[name]
		return value, ok
	}
	return w
}

// environment is a complete environment with the changes; an empty value unsets a
// variable.
func (w *savedPlans) environment(changes map[string]string) *map[string]string {
	variables := map[string]string{
		"TENCENTCLOUD_SECRET_ID": acctest.SecretID, "TENCENTCLOUD_SECRET_KEY": acctest.SecretKey, "TENCENTCLOUD_REGION": acctest.Region,
		"TENCENTCLOUD_TRTC_ENDPOINT": w.URL, "TRTC_SDK_SECRET_KEY": acctest.SdkSecretKey,
	}
	maps.Copy(variables, changes)
	return &variables
}

// plan saves a plan of the stream ingest in a complete environment.
func (w *savedPlans) plan(t *testing.T, cli *acctest.CLI, arguments acctest.Arguments) {
	t.Helper()
	cli.Write(t, "main.tf", w.StreamIngest(t, merge(acctest.Arguments{"user_sig": ""}, arguments)))
	w.variables.Store(w.environment(nil))
	cli.MustRun(t, "plan", "-out=saved.tfplan")
}

// apply applies the saved plan in another environment.
func (w *savedPlans) apply(t *testing.T, cli *acctest.CLI, changes map[string]string) acctest.Output {
	t.Helper()
	w.variables.Store(w.environment(changes))
	return cli.Run(t, "apply", "-no-color", "saved.tfplan")
}

// TestAccSavedPlan checks what the CI guide says about a saved plan that is
// applied in another environment than it was made in.
func TestAccSavedPlan(t *testing.T) {
	t.Parallel()
	elsewhere := acctest.NewWorld(t)
	for name, test := range map[string]struct {
		// running is true when the plan is for a task that runs already.
		running   bool
		arguments acctest.Arguments
		changes   map[string]string
		// refused is what the error says, or empty for success.
		refused string
		calls   []string
	}{
		"same environment": {calls: []string{acctest.Start}},
		"another region": {
			changes: map[string]string{"TENCENTCLOUD_REGION": "ap-mumbai"},
			refused: "Provider produced inconsistent final plan",
		},
		"region in the configuration": {
			arguments: acctest.Arguments{"region": fmt.Sprintf("%q", acctest.Region)},
			changes:   map[string]string{"TENCENTCLOUD_REGION": "ap-mumbai"},
			calls:     []string{acctest.Start},
		},
		"replacement, same environment": {
			running:   true,
			arguments: acctest.Arguments{"seek_second": "9"},
			calls:     []string{acctest.Stop, acctest.Start},
		},
		"replacement, another region": {
			running:   true,
			arguments: acctest.Arguments{"seek_second": "9"},
			changes:   map[string]string{"TENCENTCLOUD_REGION": "ap-mumbai"},
			refused:   "Provider produced inconsistent final plan",
			calls:     []string{acctest.Stop}, // Terraform stops the old task first.
		},
		"replacement, no ticket": {
			running:   true,
			arguments: acctest.Arguments{"seek_second": "9"},
			changes:   map[string]string{"TRTC_SDK_SECRET_KEY": ""},
			refused:   "A ticket is required to start the task",
			calls:     []string{acctest.Stop}, // Terraform stops the old task first.
		},
		"update, another endpoint": {
			running:   true,
			arguments: acctest.Arguments{"volume": "9"},
			changes:   map[string]string{"TENCENTCLOUD_TRTC_ENDPOINT": elsewhere.URL},
			refused:   "Error:",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSavedPlans(t)
			cli := w.CLI(t)
			if test.running {
				w.plan(t, cli, nil)
				if output := w.apply(t, cli, nil); output.ExitCode != 0 {
					t.Fatal(output.Stderr)
				}
				w.Mock.ResetJournal()
			}
			w.plan(t, cli, test.arguments)
			w.ExpectChanges(t)
			output := w.apply(t, cli, test.changes)
			said := regexp.MustCompile(`[\s│]+`).ReplaceAllString(output.Stderr, " ")
			if (output.ExitCode == 0) != (test.refused == "") || !strings.Contains(said, test.refused) {
				t.Errorf("exit code %d, want %q:\n%s", output.ExitCode, test.refused, output.Stderr)
			}
			w.ExpectChanges(t, test.calls...)
		})
	}
}
