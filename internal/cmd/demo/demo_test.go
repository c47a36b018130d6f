package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAccDemo runs the demo and compares its output with the recording in the
// README and the picture. Another CLI prints other texts, so for another CLI only
// the checks of the demo apply.
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
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(text, []byte("<!-- recorded by make record -->\n"))
	want, _, found := bytes.Cut(rest, []byte("<!-- end of the record -->\n"))
	if !found {
		t.Fatal("the README has no place for the recording")
	}
	var session bytes.Buffer
	if err := run(t.Context(), cli, false, &session); err != nil {
		t.Fatalf("%v\n%s", err, session.String())
	}
	got := block(session.Bytes())
	if !sameCLI(got, want) {
		return
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the recording in the README is out of date; run make record (-README +demo):\n%s", diff)
	}
	drawn, err := os.ReadFile(filepath.Join(".github", "demo.svg"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(drawn), string(drawing(session.Bytes()))); diff != "" {
		t.Errorf("the picture is out of date; run make record (-picture +demo):\n%s", diff)
	}
}

// sameCLI reports whether two sessions name the same version of the CLI.
func sameCLI(a, b []byte) bool {
	line := func(session []byte) string {
		for line := range bytes.Lines(session) {
			if bytes.HasPrefix(line, []byte("Terraform v")) || bytes.HasPrefix(line, []byte("OpenTofu v")) {
				return string(line)
			}
		}
		return ""
	}
	return line(a) == line(b)
}

func TestBlockIsNormalized(t *testing.T) {
	t.Parallel()
	session := "created after 12s [id=ap-singapore/1400000001/a+b.c-d] a+b.c-d \"2026-11-24T14:45:23Z\"\n"
	want := "```console\n$ make demo\ncreated after 0s [id=ap-singapore/1400000001/<TaskId>] <TaskId> \"<timestamp>\"\n```\n"
	if got := string(block([]byte(session))); got != want {
		t.Errorf("block = %q, want %q", got, want)
	}
}
