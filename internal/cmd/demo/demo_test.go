package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAccDemo runs the demo and compares its output with the picture in the
// README. Another CLI prints other texts, so for another CLI only the checks of
// the demo apply.
func TestAccDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the whole demo")
	}
	cli := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if cli == "" {
		cli = "terraform"
	}
	if _, err := exec.LookPath(cli); err != nil {
		t.Skip("there is no CLI on this machine")
	}
	root, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	want, err := os.ReadFile(filepath.Join(".github", "demo.svg"))
	if err != nil {
		t.Fatal(err)
	}
	var session bytes.Buffer
	if err := run(t.Context(), cli, false, &session); err != nil {
		t.Fatalf("%v\n%s", err, session.String())
	}
	got := drawing(session.Bytes())
	if !sameCLI(got, want) {
		return
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the picture is out of date; run make record (-picture +demo):\n%s", diff)
	}
}

// sameCLI reports whether two pictures name the same version of the CLI.
func sameCLI(a, b []byte) bool {
	version := regexp.MustCompile(`(Terraform|OpenTofu) v[^<]*`)
	return bytes.Equal(version.Find(a), version.Find(b))
}

func TestNormalize(t *testing.T) {
	t.Parallel()
	session := "created after 12s [id=ap-singapore/1400000001/a+b.c-d] a+b.c-d \"2026-11-24T14:45:23Z\"\n"
	want := "created after 0s [id=ap-singapore/1400000001/<TaskId>] <TaskId> \"<timestamp>\"\n"
	if got := string(normalize([]byte(session))); got != want {
		t.Errorf("normalize = %q, want %q", got, want)
	}
}

// TestDrawing_WithoutAnimation checks that every line is visible without
// animation, and that only readers who allow motion see the animation.
func TestDrawing_WithoutAnimation(t *testing.T) {
	t.Parallel()
	picture := string(drawing([]byte("Apply complete!\n")))
	always, ifMotionIsAllowed, found := strings.Cut(picture, "@media (prefers-reduced-motion: no-preference)")
	always = strings.Replace(always, "@keyframes show { from { opacity: 0 } }", "", 1)
	if !found || !strings.Contains(ifMotionIsAllowed, "{ text { animation: show ") ||
		strings.Contains(always, "opacity") || strings.Contains(always, "animation") {
		t.Errorf("text is hidden without animation, or moves in spite of prefers-reduced-motion:\n%s", picture)
	}
}
