package provider_test

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// pages are the templates below templates/, by name.
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

// configurationFence begins a block of configuration that is written into a
// page. tffile and codefile write their fences only when a page is generated.
var configurationFence = regexp.MustCompile("(?ms)^```(?:terraform|hcl)\n(.*?)^```$")

// TestDocumentationConfigurations: what a page shows of configuration is a file
// that a test applies.
func TestDocumentationConfigurations(t *testing.T) {
	t.Parallel()
	for name, text := range pages(t) {
		for _, block := range configurationFence.FindAllString(text, -1) {
			t.Errorf("templates/%s has a configuration of its own; show a file with tffile:\n%s", name, block)
		}
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range configurationFence.FindAllStringSubmatch(string(readme), -1) {
		if !isInExample(t, strings.Split(strings.TrimSpace(block[1]), "\n\n")) {
			t.Errorf("README.md shows what no example has:\n%s", block[1])
		}
	}
}

// isInExample tells whether some example has all of these blocks.
func isInExample(t *testing.T, blocks []string) bool {
	t.Helper()
	return slices.ContainsFunc(exampleFiles(t), func(name string) bool {
		text := readExample(t, name)
		return !slices.ContainsFunc(blocks, func(block string) bool { return !strings.Contains(text, block) })
	})
}

// TestDocumentationShowsExamples: an example that no page shows is found by
// nobody.
func TestDocumentationShowsExamples(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, text := range pages(t) {
		all.WriteString(text)
	}
	unseen := regexp.MustCompile(`^(README\.md|provider/provider\.tf|authentication/[a-z-]+/(main|versions)\.tf)$`)
	for _, name := range exampleFiles(t) {
		if !unseen.MatchString(name) && !strings.Contains(all.String(), `"examples/`+name+`"`) {
			t.Errorf("examples/%s is shown nowhere", name)
		}
	}
}

// pageLink is a link to a page of this documentation. The registry resolves no
// relative ones.
var pageLink = regexp.MustCompile(`https://registry\.terraform\.io/providers/trtc-community/trtc/latest/docs/([a-z0-9/_-]+)`)

// TestDocumentationLinks: links lead to pages, and every guide is linked from
// the index.
func TestDocumentationLinks(t *testing.T) {
	t.Parallel()
	texts := pages(t)
	for name, text := range texts {
		for _, link := range pageLink.FindAllStringSubmatch(text, -1) {
			if _, exists := texts[link[1]+".md.tmpl"]; !exists {
				t.Errorf("templates/%s links to %s, which does not exist", name, link[1])
			}
		}
		if regexp.MustCompile(`\]\((?:\.|[a-z-]+/)`).MatchString(text) {
			t.Errorf("templates/%s has a relative link", name)
		}
		page := strings.TrimSuffix(name, ".md.tmpl")
		if strings.HasPrefix(name, "guides/") && !strings.Contains(texts["index.md.tmpl"], "/docs/"+page+")") {
			t.Errorf("the index does not link to %s", page)
		}
	}
}

// TestDocumentationMessages: the messages that the guide explains are those of
// the code.
func TestDocumentationMessages(t *testing.T) {
	t.Parallel()
	var code strings.Builder
	for _, pattern := range []string{"*.go", "../credentials/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(file, "_test.go") {
				code.Write(text)
			}
		}
	}
	headings := regexp.MustCompile(`(?m)^### (.*)$`).FindAllStringSubmatch(pages(t)["guides/when-something-fails.md.tmpl"], -1)
	if len(headings) == 0 {
		t.Fatal("the guide explains no message")
	}
	for _, heading := range headings {
		if !strings.Contains(code.String(), `"`+heading[1]+`"`) {
			t.Errorf("the guide explains %q, which the provider never says", heading[1])
		}
	}
}

// TestDocumentationRegions: the resource's page lists the regions that the
// provider accepts, and no others.
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

// TestDocumentationVersions: what the documentation says to work from which
// version is what the tests of that feature go by.
func TestDocumentationVersions(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for page, text := range map[string]string{"README.md": string(readme), "templates/index.md.tmpl": pages(t)["index.md.tmpl"]} {
		for label, feature := range map[string]features.Feature{
			"ephemeral resources `trtc_user_sig`, `trtc_private_map_key`":               features.Ephemeral,
			"write-only arguments `user_sig_wo`, `private_map_key_wo`, `stream_url_wo`": features.WriteOnly,
			"import by identity":               features.Identity,
			"action `trtc_stream_ingest_stop`": features.Actions,
		} {
			since := feature.Since()
			row := fmt.Sprintf("| %s | %s | %s |\n", label, cmp.Or(since.Terraform, "–"), cmp.Or(since.OpenTofu, "–"))
			if !strings.Contains(text, row) {
				t.Errorf("%s lacks the row %q", page, row)
			}
		}
	}
}
