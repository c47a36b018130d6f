package provider_test

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestContributing_Packages checks that the table of packages is complete and names
// no package that does not exist, and that exactly the packages that depend on each
// other are connected in the drawing. Programs are not drawn.
func TestContributing_Packages(t *testing.T) {
	t.Parallel()
	text := pages(t)["CONTRIBUTING.md"]
	drawn := map[string][]string{}
	for _, arrow := range regexp.MustCompile(`(?m)^    ([a-z]+) --> (.*)$`).FindAllStringSubmatch(text, -1) {
		drawn[arrow[1]] = strings.Split(arrow[2], " & ")
	}
	packages := importedPackages(t)
	for name, imported := range packages {
		if name != "main" && !strings.Contains(text, "`internal/"+name+"`") {
			t.Errorf("CONTRIBUTING.md does not name internal/%s", name)
		}
		if diff := cmp.Diff(imported, reachable(drawn, name)); diff != "" && name != "cmd" {
			t.Errorf("CONTRIBUTING.md draws other imports of %s than the code has (-code +drawing):\n%s", name, diff)
		}
	}
	for _, match := range regexp.MustCompile(`internal/([a-z]+)`).FindAllStringSubmatch(text, -1) {
		if packages[match[1]] == nil {
			t.Errorf("CONTRIBUTING.md names %s, which does not exist", match[0])
		}
	}
}

// importedPackages returns the packages below internal, and main, with the packages
// that they import outside of tests, directly or through others. A package below
// another one counts as that.
func importedPackages(t *testing.T) map[string]map[string]bool {
	t.Helper()
	const module = "github.com/trtc-community/terraform-provider-trtc"
	list := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}} {{join .Deps " "}}`, "./...")
	list.Dir = repositoryRoot
	output, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	name := func(importPath string) (string, bool) {
		inside, found := strings.CutPrefix(importPath, module+"/internal/")
		inside, _, _ = strings.Cut(inside, "/")
		return inside, found
	}
	all := map[string]map[string]bool{}
	for line := range strings.Lines(string(output)) {
		paths := strings.Fields(line)
		importer, inside := name(paths[0])
		if paths[0] == module {
			importer, inside = "main", true
		}
		if inside && all[importer] == nil {
			all[importer] = map[string]bool{}
		}
		for _, path := range paths[1:] {
			if imported, found := name(path); inside && found && imported != importer {
				all[importer][imported] = true
			}
		}
	}
	return all
}

// reachable returns the packages to which arrows lead from name, directly or through
// others.
func reachable(arrows map[string][]string, name string) map[string]bool {
	found := map[string]bool{}
	for _, next := range arrows[name] {
		found[next] = true
		for further := range reachable(arrows, next) {
			found[further] = true
		}
	}
	return found
}
