package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// ground is what all sections stand on: a directory, the binaries in it and
// the CLI.
type ground struct {
	settings settings
	dir      string
	cli      string
	// provider and empty are binaries as they are released: stripped.
	provider, empty string
}

// prepare builds both binaries into a new directory.
func prepare(ctx context.Context, set settings) (*ground, error) {
	cli, err := exec.LookPath(set.terraform)
	if err != nil {
		return nil, fmt.Errorf("the benchmarks run the real CLI: %w", err)
	}
	if cli, err = filepath.Abs(cli); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "trtc-bench-")
	if err != nil {
		return nil, err
	}
	made := &ground{settings: set, dir: dir, cli: cli}
	if err := made.build(ctx); err != nil {
		made.remove()
		return nil, err
	}
	return made, nil
}

// build builds both, stripped as they are released.
func (g *ground) build(ctx context.Context) error {
	g.provider = filepath.Join(g.dir, "terraform-provider-trtc"+executableSuffix())
	g.empty = filepath.Join(g.dir, "empty"+executableSuffix())
	sources := map[string]string{g.empty: "./internal/cmd/bench/empty"}
	if g.settings.provider == "" {
		sources[g.provider] = "."
	} else if err := copyFile(g.provider, g.settings.provider); err != nil {
		return err
	}
	for binary, from := range sources {
		if err := goTool(ctx, "build", "-ldflags", "-s -w", "-o", binary, from); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(to, from string) error {
	content, err := os.ReadFile(from) //nolint:gosec // The file that the user named.
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o700) //nolint:gosec // A program.
}

func (g *ground) remove() { _ = os.RemoveAll(g.dir) }

// subdirectory makes a new directory below the ground's.
func (g *ground) subdirectory(pattern string) (string, error) { return os.MkdirTemp(g.dir, pattern) }

// machine says where and with what it was measured.
func (g *ground) machine(ctx context.Context) string {
	command := exec.CommandContext(ctx, g.cli, "version") //nolint:gosec // The CLI that the user named.
	command.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1")
	output, _ := command.Output()
	version, _, _ := strings.Cut(string(output), "\n")
	return fmt.Sprintf("Measured on %s with %d cores, %s/%s, %s, %s, on %s.",
		processor(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), version, time.Now().UTC().Format(time.DateOnly))
}

// goTool runs a go command in the module.
func goTool(ctx context.Context, arguments ...string) error {
	_, err := goOutput(ctx, arguments...)
	return err
}

// goOutput returns what a go command prints.
func goOutput(ctx context.Context, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, "go", arguments...) //nolint:gosec // Fixed commands on this module.
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("go %s: %w\n%s%s", arguments[0], err, stdout.String(), stderr.String())
	}
	return stdout.String(), nil
}

func executableSuffix() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}
