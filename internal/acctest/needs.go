package acctest

import (
	"os/exec"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
)

// Needs skips the test where the command line cannot do all of these.
func Needs(t testing.TB, needed ...features.Feature) {
	t.Helper()
	cli, found := underTest(t)
	for _, feature := range needed {
		if found && !cli.Has(feature) {
			t.Skipf("%s has no %s", cli, feature)
		}
	}
}

// Has tells whether the command line can do something.
func Has(t testing.TB, feature features.Feature) bool {
	t.Helper()
	cli, found := underTest(t)
	return !found || cli.Has(feature)
}

// underTest returns what the command line is. There may be none: the test
// framework then downloads the newest Terraform, which can do everything.
func underTest(t testing.TB) (cli features.CLI, found bool) {
	t.Helper()
	program, err := exec.LookPath(programName())
	if err != nil {
		return features.CLI{}, false
	}
	cli, err = features.Of(newCLIOf(t, program).MustRun(t, "version").Stdout)
	if err != nil {
		t.Fatal(err)
	}
	return cli, true
}
