package provider_test

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// repositoryRoot is the directory of the repository.
var repositoryRoot = filepath.Join("..", "..")

// pages returns every page by its path in the repository. The pages of the registry,
// below docs, are their templates.
func pages(t *testing.T) map[string]string {
	t.Helper()
	root, texts := os.DirFS(repositoryRoot), map[string]string{}
	for _, pattern := range []string{
		"*.md", "pages/*.md", "examples/*.md", "examples/*/*.md", "examples/*/*/*.md", "templates/*.tmpl", "templates/*/*.tmpl",
	} {
		names, err := fs.Glob(root, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := fs.ReadFile(root, name)
			if err != nil {
				t.Fatal(err)
			}
			if template, ok := strings.CutPrefix(name, "templates/"); ok {
				name = "docs/" + strings.TrimSuffix(template, ".tmpl")
			}
			texts[name] = string(text)
		}
	}
	return texts
}

// isRegistryPage reports whether the registry shows a page.
func isRegistryPage(page string) bool { return strings.HasPrefix(page, "docs/") }

// configurationFence matches a configuration block that is written into a page.
// The functions tffile and codefile write their fences when a page is
// generated.
var configurationFence = regexp.MustCompile("(?ms)^```(?:terraform|hcl)\n(.*?)^```$")

// TestDocumentationConfigurations checks that every configuration on a page of the
// registry is a file that a test applies.
func TestDocumentationConfigurations(t *testing.T) {
	t.Parallel()
	for page, text := range pages(t) {
		for _, block := range configurationFence.FindAllString(text, -1) {
			if isRegistryPage(page) {
				t.Errorf("%s has a configuration of its own; show a file with tffile:\n%s", page, block)
			}
		}
	}
}

// TestDocumentationREADME checks that each README shows one whole example, which a
// test applies, runs the same example, links to the other language, and says that
// the version is not released yet for as long as the changelog says so.
func TestDocumentationREADME(t *testing.T) {
	t.Parallel()
	newest := regexp.MustCompile(`(?m)^## (\S+) \((.*)\)$`).FindStringSubmatch(pages(t)["CHANGELOG.md"])
	if newest == nil {
		t.Fatal("CHANGELOG.md has no version")
	}
	for page, want := range map[string]struct{ example, otherLanguage, unreleased string }{
		"README.md":       {"quickstart", "README.zh-CN.md", "Version %s is not released yet"},
		"README.zh-CN.md": {"china-site", "README.md", "%s 版本尚未发布"},
	} {
		text := pages(t)[page]
		unreleased := fmt.Sprintf(want.unreleased, newest[1])
		if strings.Contains(text, unreleased) != (newest[2] == "unreleased") {
			t.Errorf("CHANGELOG.md says %q: compare with %q in %s", newest[0], unreleased, page)
		}
		if first, _, _ := strings.Cut(text, "\n"); !strings.Contains(first, "]("+want.otherLanguage+")") {
			t.Errorf("the first line of %s does not link to %s", page, want.otherLanguage)
		}
		blocks := configurationFence.FindAllStringSubmatch(text, -1)
		if len(blocks) != 1 || blocks[0][1] != readExample(t, want.example+"/main.tf") {
			t.Errorf("%s does not show examples/%s/main.tf as it is", page, want.example)
		}
		if !strings.Contains(text, "\ncd examples/"+want.example+"\n") {
			t.Errorf("%s does not run examples/%s", page, want.example)
		}
	}
}

// TestDocumentationShowsExamples checks that every example is shown on a page, or
// that a page links to it or to one of its directories in the repository.
func TestDocumentationShowsExamples(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, text := range pages(t) {
		all.WriteString(text)
	}
	unseen := regexp.MustCompile(`(^|/)README\.md$|_test\.go$|^provider/provider\.tf$`)
	for _, name := range exampleFiles(t) {
		seen := strings.Contains(all.String(), `"examples/`+name+`"`)
		for file := "examples/" + name; !seen && file != "examples"; file = path.Dir(file) {
			seen = strings.Contains(all.String(), "/main/"+file+")") || strings.Contains(all.String(), "](../"+file+")")
		}
		if !unseen.MatchString(name) && !seen {
			t.Errorf("no page shows examples/%s or links to it", name)
		}
	}
}

var (
	// repositoryLink matches a link to a file or a directory of the repository, by
	// the address of its main branch or relative, with a heading or without.
	repositoryLink = regexp.MustCompile(`\]\((?:https://github\.com/trtc-community/terraform-provider-trtc/(?:blob|tree)/main/([^)#]+)|([a-zA-Z0-9_./-]*))(#[^)]*)?\)`)
	heading        = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// anchors returns the anchors of a page's headings.
func anchors(page string) map[string]bool {
	all := map[string]bool{}
	for _, title := range heading.FindAllStringSubmatch(page, -1) {
		slug := strings.ReplaceAll(strings.ToLower(title[1]), " ", "-")
		all["#"+regexp.MustCompile(`[^a-z0-9_-]`).ReplaceAllString(slug, "")] = true
	}
	return all
}

// TestDocumentationLinks checks that links lead to a file and a heading, that the
// pages of the registry link to each other with relative links, and that the index
// links to every guide.
func TestDocumentationLinks(t *testing.T) {
	t.Parallel()
	all := pages(t)
	for page, text := range all {
		if isRegistryPage(page) && strings.Contains(text, "/latest/docs") {
			t.Errorf("%s has an absolute link to this documentation", page)
		}
		if guide, ok := strings.CutPrefix(page, "docs/"); ok && strings.HasPrefix(guide, "guides/") && !strings.Contains(all["docs/index.md"], "("+guide) {
			t.Errorf("the index does not link to %s", page)
		}
		for _, link := range repositoryLink.FindAllStringSubmatch(text, -1) {
			target := cmp.Or(link[1], path.Join(path.Dir(page), link[2]))
			if link[1]+link[2] == "" {
				target = page
			}
			linked, isPage := all[target]
			_, err := os.Stat(filepath.Join(repositoryRoot, filepath.FromSlash(target)))
			switch {
			case err != nil && !isPage, isRegistryPage(page) && link[1] == "" && !isRegistryPage(target):
				t.Errorf("%s: the link to %s leads nowhere", page, target)
			case link[3] != "" && !anchors(linked)[link[3]]:
				t.Errorf("%s: %s has no heading %s", page, target, link[3])
			}
		}
	}
}

// TestDocumentationCommands checks that each make target and each directory in a
// command on a page exists.
func TestDocumentationCommands(t *testing.T) {
	t.Parallel()
	targets, err := os.ReadFile(filepath.Join(repositoryRoot, "GNUmakefile"))
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile("(?m)(?:^|`)make ([a-z-]+)")
	directory := regexp.MustCompile(`(?m)^cd (examples/\S+)|\./(internal/[a-z/]+)`)
	for page, text := range pages(t) {
		for _, match := range command.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(string(targets), "\n"+match[1]+":") {
				t.Errorf("%s: make has no target %s", page, match[1])
			}
		}
		for _, match := range directory.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(repositoryRoot, match[1]+match[2])); err != nil {
				t.Errorf("%s: %s does not exist", page, match[0])
			}
		}
	}
}

// TestDocumentationRegions checks that the resource's page lists exactly the
// regions that the provider accepts.
func TestDocumentationRegions(t *testing.T) {
	t.Parallel()
	text := pages(t)["docs/resources/stream_ingest.md"]
	for prefix, domain := range map[string]string{
		"| international |": trtcclient.InternationalDomain,
		"| China ":          trtcclient.ChinaDomain,
	} {
		_, line, found := strings.Cut(text, prefix)
		line, _, _ = strings.Cut(line, "\n")
		listed := regexp.MustCompile(`ap-[a-z]+`).FindAllString(line, -1)
		regions, documented := trtcclient.RegionsOf(domain)
		if !found || !documented || !slices.Equal(listed, regions.Start) {
			t.Errorf("%s: the page lists %v, and the provider accepts %v", domain, listed, regions.Start)
		}
	}
}

// TestDocumentationVersions checks that the documented versions of features are
// those that the tests use.
func TestDocumentationVersions(t *testing.T) {
	t.Parallel()
	text := pages(t)["docs/index.md"]
	for label, feature := range map[string]features.Feature{
		"ephemeral resources `trtc_user_sig`, `trtc_private_map_key`":               features.Ephemeral,
		"write-only arguments `user_sig_wo`, `private_map_key_wo`, `stream_url_wo`": features.WriteOnly,
		"import by identity":                 features.Identity,
		"action `trtc_stream_ingest_stop`":   features.Actions,
		"list resource `trtc_stream_ingest`": features.Queries,
	} {
		since := feature.Since()
		row := fmt.Sprintf("| %s | %s | %s |\n", label, cmp.Or(since.Terraform, "–"), cmp.Or(since.OpenTofu, "–"))
		if !strings.Contains(text, row) {
			t.Errorf("the index lacks the row %q", row)
		}
	}
}

// TestDocumentationNamesTests checks that DESIGN.md and CONTRIBUTING.md name
// tests that exist.
func TestDocumentationNamesTests(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "*", "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tests.Write(text)
	}
	for _, page := range []string{"DESIGN.md", "CONTRIBUTING.md"} {
		for _, name := range regexp.MustCompile("\\b(Test\\w+)[`'|$]").FindAllStringSubmatch(pages(t)[page], -1) {
			if !strings.Contains(tests.String(), "\nfunc "+name[1]+"(") {
				t.Errorf("%s names %s, which does not exist", page, name[1])
			}
		}
	}
}
