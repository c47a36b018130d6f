package provider_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// repositoryFile returns the text of a file of the repository.
func repositoryFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestREADME checks that each README shows one whole example, which a test
// applies, runs the same example, and links to the other language.
func TestREADME(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]struct{ example, otherLanguage string }{
		"README.md":       {"quickstart", "README.zh-CN.md"},
		"README.zh-CN.md": {"china-site", "README.md"},
	} {
		text := repositoryFile(t, page)
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

// repositoryPages returns the pages that the registry does not show.
func repositoryPages(t *testing.T) []string {
	t.Helper()
	pages := []string{"examples/README.md"}
	files, err := filepath.Glob(filepath.Join("..", "..", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		pages = append(pages, filepath.Base(file))
	}
	return pages
}

// TestRepositoryPages_Links checks that relative links lead to a file and a
// heading.
func TestRepositoryPages_Links(t *testing.T) {
	t.Parallel()
	relative := regexp.MustCompile(`\]\(([^)#:]*)(#[^)]*)?\)`)
	for _, page := range repositoryPages(t) {
		for _, link := range relative.FindAllStringSubmatch(repositoryFile(t, page), -1) {
			target := filepath.Join("..", "..", filepath.Dir(page), filepath.FromSlash(link[1]))
			if link[1] == "" {
				target = filepath.Join("..", "..", page)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: the link %s leads nowhere", page, link[1])
				continue
			}
			if link[2] == "" {
				continue
			}
			text, err := os.ReadFile(target)
			if err != nil || !anchors(string(text))[link[2]] {
				t.Errorf("%s: the link %s%s leads to no heading", page, link[1], link[2])
			}
		}
	}
}

// TestRepositoryPages_Commands checks that each make target and each directory
// in a command exists.
func TestRepositoryPages_Commands(t *testing.T) {
	t.Parallel()
	targets := repositoryFile(t, "GNUmakefile")
	command := regexp.MustCompile("(?m)(?:^|`)make ([a-z-]+)")
	directory := regexp.MustCompile(`(?m)^cd (examples/\S+)|\./(internal/[a-z/]+)`)
	for _, page := range repositoryPages(t) {
		text := repositoryFile(t, page)
		for _, match := range command.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(targets, "\n"+match[1]+":") {
				t.Errorf("%s: make has no target %s", page, match[1])
			}
		}
		for _, match := range directory.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join("..", "..", filepath.FromSlash(match[1]+match[2]))); err != nil {
				t.Errorf("%s: %s does not exist", page, match[0])
			}
		}
	}
}
