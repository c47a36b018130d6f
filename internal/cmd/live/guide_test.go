package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/conformance"
)

// TestGuide checks that the guide states how much is validated, what each tier
// costs and every variable, and that other pages state how much.
func TestGuide(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(repository + "pages/live-validation.md")
	if err != nil {
		t.Fatal(err)
	}
	guide := string(text)
	summary, err := conformance.Summary(filepath.Join(repository, snapshots))
	if err != nil {
		t.Fatal(err)
	}
	count, _, _ := strings.Cut(summary, " facts")
	if want := "**Today " + count + " facts are validated against the real service.**"; !strings.Contains(guide, want) {
		t.Errorf("the guide does not say %q", want)
	}
	validated, total, _ := strings.Cut(count, " of ")
	for page, want := range map[string]string{
		"README.md":                        count + " facts",
		"README.zh-CN.md":                  "已验证 " + validated + " 项，共 " + total + " 项",
		"templates/guides/testing.md.tmpl": count + " facts",
	} {
		text, err := os.ReadFile(repository + page)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), want) {
			t.Errorf("%s does not say %q", page, want)
		}
	}
	cost := settings{tier: conformance.Tier1, only: regexp.MustCompile("")}.cost()
	if row := fmt.Sprintf("| `1` | one short task at a time | %.2f USD |", cost); !strings.Contains(guide, row) {
		t.Errorf("the guide does not have %q", row)
	}
	source, err := os.ReadFile("settings.go")
	if err != nil {
		t.Fatal(err)
	}
	variables := func(text string) []string {
		found := regexp.MustCompile(`TRTC_LIVE_[A-Z_]+`).FindAllString(text, -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	if described, read := variables(guide), variables(string(source)); !slices.Equal(read, described) {
		t.Errorf("the guide describes\n%q, the command reads\n%q", described, read)
	}
}
