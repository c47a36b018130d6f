package provider_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestContributing_NamesPackages checks that the table of packages is complete
// and names no package that does not exist.
func TestContributing_NamesPackages(t *testing.T) {
	t.Parallel()
	text := repositoryFile(t, "CONTRIBUTING.md")
	packages := importedPackages(t)
	for name := range packages {
		if name != "main" && !strings.Contains(text, "`internal/"+name+"`") {
			t.Errorf("CONTRIBUTING.md does not name internal/%s", name)
		}
	}
	for _, match := range regexp.MustCompile(`internal/([a-z]+)`).FindAllStringSubmatch(text, -1) {
		if _, exists := packages[match[1]]; !exists {
			t.Errorf("CONTRIBUTING.md names %s, which does not exist", match[0])
		}
	}
}

// TestContributing_DrawsImports checks that exactly the packages that depend on
// each other are connected in the drawing. Programs are not drawn.
func TestContributing_DrawsImports(t *testing.T) {
	t.Parallel()
	drawn := map[string][]string{}
	for _, arrow := range regexp.MustCompile(`(?m)^    ([a-z]+) --> (.*)$`).FindAllStringSubmatch(repositoryFile(t, "CONTRIBUTING.md"), -1) {
		drawn[arrow[1]] = strings.Split(arrow[2], " & ")
	}
	imported := importedPackages(t)
	for name := range imported {
		if name == "cmd" {
			continue
		}
		if diff := cmp.Diff(dependencies(imported, name), dependencies(drawn, name)); diff != "" {
			t.Errorf("CONTRIBUTING.md draws other imports of %s than the code has (-code +drawing):\n%s", name, diff)
		}
	}
}

// importedPackages returns the packages below internal/, and main, with the
// packages that they import outside of tests.
func importedPackages(t *testing.T) map[string][]string {
	t.Helper()
	const internal = "github.com/trtc-community/terraform-provider-trtc/internal/"
	all := map[string][]string{}
	for _, pattern := range []string{"../../main.go", "../*/*.go", "../*/*/*.go"} {
		files, err := filepath.Glob(filepath.FromSlash(pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			name := strings.Split(filepath.ToSlash(file), "/")[1]
			if name == ".." {
				name = "main"
			}
			syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			imports := all[name]
			for _, spec := range syntax.Imports {
				if imported, found := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), internal); found {
					imported, _, _ = strings.Cut(imported, "/")
					imports = append(imports, imported)
				}
			}
			all[name] = imports
		}
	}
	return all
}

// dependencies returns the packages that name imports, directly or through
// others.
func dependencies(imports map[string][]string, name string) map[string]bool {
	found := map[string]bool{}
	next := []string{name}
	for len(next) > 0 {
		for _, imported := range imports[next[0]] {
			if imported != name && !found[imported] {
				found[imported] = true
				next = append(next, imported)
			}
		}
		next = next[1:]
	}
	return found
}
