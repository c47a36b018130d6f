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

// pages returns the templates below templates/, by name.
func pages(t *testing.T) map[string]string {
	t.Helper()
	root := os.DirFS(filepath.Join("..", "..", "templates"))
	texts := map[string]string{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, name)
		texts[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// configurationFence matches a configuration block that is written into a page.
// The functions tffile and codefile write their fences when a page is
// generated.
var configurationFence = regexp.MustCompile("(?ms)^```(?:terraform|hcl)\n(.*?)^```$")

// TestDocumentationConfigurations checks that every configuration on a page is
// a file that a test applies.
func TestDocumentationConfigurations(t *testing.T) {
	t.Parallel()
	for name, text := range pages(t) {
		for _, block := range configurationFence.FindAllString(text, -1) {
			t.Errorf("templates/%s has a configuration of its own; show a file with tffile:\n%s", name, block)
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
	for _, text := range repositoryOnlyPages(t) {
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

// repositoryOnlyPages returns the pages that only the repository has, by path.
func repositoryOnlyPages(t *testing.T) map[string]string {
	t.Helper()
	root := os.DirFS(filepath.Join("..", ".."))
	texts := map[string]string{}
	for _, pattern := range []string{"pages/*.md", "examples/*.md", "examples/*/*.md", "examples/*/*/*.md"} {
		names, err := fs.Glob(root, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := fs.ReadFile(root, name)
			if err != nil {
				t.Fatal(err)
			}
			texts[name] = string(text)
		}
	}
	return texts
}

// repositoryLink matches a link to a file or a directory of the repository: a
// relative one, or one to its main branch.
var repositoryLink = regexp.MustCompile(`\]\((?:https://github\.com/trtc-community/terraform-provider-trtc/(?:blob|tree)/main/([^)#]+)|([a-zA-Z0-9_./-]+))(?:#[^)]*)?\)`)

// TestDocumentationLinksToRepository checks that links to the repository lead to a
// file or a directory, and that relative links of the repository's own pages do.
func TestDocumentationLinksToRepository(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	check := func(page, target string) {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(target))); err != nil {
			t.Errorf("%s: the link to %s leads nowhere", page, target)
		}
	}
	for name, text := range repositoryOnlyPages(t) {
		for _, link := range repositoryLink.FindAllStringSubmatch(text, -1) {
			check(name, cmp.Or(link[1], path.Join(path.Dir(name), link[2])))
		}
	}
	for name, text := range pages(t) {
		for _, link := range repositoryLink.FindAllStringSubmatch(text, -1) {
			if link[1] != "" {
				check("templates/"+name, link[1])
			}
		}
	}
}

var (
	// pageLink matches a link to a page of this documentation or to one of its
	// headings.
	pageLink = regexp.MustCompile(`\]\(([a-z0-9_./-]*\.md)?(#[^)]*)?\)`)
	heading  = regexp.MustCompile(`(?m)^#+ (.*)$`)
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

// TestDocumentationLinks checks that links are relative and lead to a page and a
// heading, and that the index links to every guide.
func TestDocumentationLinks(t *testing.T) {
	t.Parallel()
	texts := pages(t)
	for name, text := range texts {
		if strings.Contains(text, "/latest/docs") {
			t.Errorf("templates/%s has an absolute link to this documentation", name)
		}
		for _, link := range pageLink.FindAllStringSubmatch(text, -1) {
			target := name
			if link[1] != "" {
				target = path.Join(path.Dir(name), link[1]) + ".tmpl"
			}
			page, exists := texts[target]
			if !exists || link[2] != "" && !anchors(page)[link[2]] {
				t.Errorf("templates/%s: the link %s%s leads nowhere", name, link[1], link[2])
			}
		}
		if strings.HasPrefix(name, "guides/") && !strings.Contains(texts["index.md.tmpl"], "("+strings.TrimSuffix(name, ".tmpl")) {
			t.Errorf("the index does not link to %s", name)
		}
	}
}

// TestDocumentationRegions checks that the resource's page lists exactly the
// regions that the provider accepts.
func TestDocumentationRegions(t *testing.T) {
	t.Parallel()
	text := pages(t)["resources/stream_ingest.md.tmpl"]
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
	text := pages(t)["index.md.tmpl"]
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
		for _, name := range regexp.MustCompile("\\b(Test\\w+)[`'|$]").FindAllStringSubmatch(repositoryFile(t, page), -1) {
			if !strings.Contains(tests.String(), "\nfunc "+name[1]+"(") {
				t.Errorf("%s names %s, which does not exist", page, name[1])
			}
		}
	}
}
