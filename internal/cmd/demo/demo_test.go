package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAccDemo plays the demo and compares it with the one that the README
// shows. Another CLI words things differently, so it is held only to the
// journal, which the demo checks itself.
func TestAccDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("plays the whole demo")
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
	document, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(document, []byte("<!-- recorded by make record -->\n"))
	want, _, found := bytes.Cut(rest, []byte("<!-- end of the record -->\n"))
	if !found {
		t.Fatal("the README has no lines around the recorded session")
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
		t.Errorf("the README shows another session than the demo plays; run make record (-README +demo):\n%s", diff)
	}
}

// sameCLI tells whether two sessions name the same version.
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

func TestBlockIsSettled(t *testing.T) {
	t.Parallel()
	session := "created after 12s [id=ap-singapore/1400000001/a+b.c-d] a+b.c-d\n"
	want := "```console\n$ make demo\ncreated after 0s [id=ap-singapore/1400000001/<TaskId>] <TaskId>\n```\n"
	if got := string(block([]byte(session))); got != want {
		t.Errorf("block = %q, want %q", got, want)
	}
}
