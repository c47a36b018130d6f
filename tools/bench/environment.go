package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// benchDir is this program's directory, from the root of the provider's module.
const benchDir = "tools/bench"

// setup is what all topics use: the CLI, and a temporary directory with the
// providers where the CLI finds them.
type setup struct {
	cli, binaries, dir, cliConfig string
	full                          bool
}

// prepare finds the CLI and builds the provider and the empty provider.
func (s *setup) prepare(ctx context.Context) error {
	cli, err := exec.LookPath(s.cli)
	if err != nil {
		return fmt.Errorf("the benchmarks need a CLI: %w", err)
	}
	s.cli, _ = filepath.Abs(cli)
	if s.dir, err = os.MkdirTemp("", "trtc-bench-"); err != nil {
		return err
	}
	s.cliConfig = filepath.Join(s.dir, "cli.tfrc")
	mirror := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(filepath.Join(s.dir, "mirror")))
	return errors.Join(
		os.WriteFile(s.cliConfig, []byte(mirror), 0o600),
		s.provide(ctx, "empty", "-C", benchDir, "build", "-o", s.binary("empty"), "./empty"),
		s.provide(ctx, "trtc", "build", "-o", s.binary("trtc"), "."))
}

// source is the host and namespace of all providers in the configurations.
const source = "bench.invalid/bench/"

// binary returns the path of a provider's binary in the filesystem mirror.
func (s *setup) binary(name string) string {
	file := "terraform-provider-" + name
	if runtime.GOOS == "windows" {
		file += ".exe"
	}
	return filepath.Join(s.dir, "mirror", source, name, "0.0.1", runtime.GOOS+"_"+runtime.GOARCH, file)
}

// provide puts a provider's binary into the mirror: from the user's directory,
// or else with a go command, stripped as in a release.
func (s *setup) provide(ctx context.Context, name string, arguments ...string) error {
	target := s.binary(name)
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return err
	}
	if s.binaries != "" {
		if content, err := os.ReadFile(filepath.Join(s.binaries, filepath.Base(target))); err == nil {
			return os.WriteFile(target, content, 0o700) //nolint:gosec // A program.
		}
	}
	command := exec.CommandContext(ctx, "go", arguments...) //nolint:gosec // Fixed commands.
	command.Env = append(os.Environ(), "GOBIN="+filepath.Dir(target), "GOFLAGS=-trimpath -buildvcs=false '-ldflags=-s -w'")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("go %s: %w\n%s", strings.Join(arguments, " "), err, bytes.TrimSpace(output))
	}
	return nil
}

// machine describes what the figures were measured on.
func (s *setup) machine(ctx context.Context) string {
	output, _ := exec.CommandContext(ctx, s.cli, "version").Output() //nolint:gosec // The CLI that the user named.
	version, _, _ := strings.Cut(string(output), "\n")
	return fmt.Sprintf("Measured on %s with %d cores, %s/%s, %s, %s, on %s.", procField("/proc/cpuinfo", "model name"),
		runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), version, time.Now().UTC().Format(time.DateOnly))
}

// environment is what the CLI needs besides the provider: the mock as the
// service, and a remote state. To a state file the CLI would write the whole
// state after each change, which takes longer than all else.
type environment struct {
	*setup

	mock   *trtcmock.Server
	server *http.Server
	url    string
	// rate is the limit per second, action and region that the mock enforces.
	rate int

	mu     sync.Mutex
	states map[string][]byte
}

const secretID, secretKey, statePrefix = "bench-id", "bench-key", "/_state/"

// start starts the environment.
func start(ctx context.Context, setup *setup, rate int) (*environment, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	started := &environment{
		setup: setup, rate: rate, url: "http://" + listener.Addr().String(), states: map[string][]byte{},
		mock: trtcmock.New(trtcmock.Options{Credentials: map[string]string{secretID: secretKey}, RequestsPerSecond: rate}),
	}
	started.server = &http.Server{Handler: started, ReadHeaderTimeout: time.Minute}
	go func() { _ = started.server.Serve(listener) }()
	return started, nil
}

// ServeHTTP serves the API and, below statePrefix, what the CLI's backend
// "http" uses.
func (e *environment) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, statePrefix) {
		e.mock.ServeHTTP(w, r)
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	switch state, found := e.states[r.URL.Path]; {
	case r.Method == http.MethodPost:
		e.states[r.URL.Path], _ = io.ReadAll(r.Body)
	case found:
		_, _ = w.Write(state)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// workspace is a directory with a configuration, in which the CLI runs.
type workspace struct {
	*setup

	path string
	// variables are those of the CLI's and the provider's environment.
	variables []string
}

// workspace copies a configuration into a new directory and initializes it.
func (e *environment) workspace(ctx context.Context, configuration string, tasks, firstRoom int) (*workspace, error) {
	path, err := os.MkdirTemp(e.dir, "workspace-")
	if err != nil {
		return nil, err
	}
	made := &workspace{setup: e.setup, path: path, variables: []string{
		"TENCENTCLOUD_TRTC_ENDPOINT=" + e.url,
		"TENCENTCLOUD_SECRET_ID=" + secretID,
		"TENCENTCLOUD_SECRET_KEY=" + secretKey,
		"TRTC_START_JOURNAL=" + filepath.Join(e.dir, "starts"), // One for all, as a user has.
		"TF_CLI_CONFIG_FILE=" + e.cliConfig,
		fmt.Sprintf("TF_VAR_tasks=%d", tasks),
		fmt.Sprintf("TF_VAR_first_room=%d", firstRoom),
		fmt.Sprintf("TF_VAR_rate=%d", e.rate),
		"CHECKPOINT_DISABLE=1",
	}}
	for _, variable := range os.Environ() { // Without what may lead to a real account.
		if !strings.HasPrefix(variable, "TENCENTCLOUD_") && !strings.HasPrefix(variable, "TRTC_") && !strings.HasPrefix(variable, "TF_") {
			made.variables = append(made.variables, variable)
		}
	}
	files := os.DirFS(filepath.Join(benchDir, "configurations", configuration))
	if err := os.CopyFS(path, files); err != nil {
		return nil, err
	}
	_, err = made.terraform(ctx, "init", "-backend-config=address="+e.url+statePrefix+filepath.Base(path))
	return made, err
}

// terraform runs a command, which must succeed. It returns the command's time,
// and the CPU time of the CLI and of the providers that it started.
func (w *workspace) terraform(ctx context.Context, arguments ...string) (usage, error) {
	process := exec.CommandContext(ctx, w.cli, slices.Concat(arguments, []string{"-input=false", "-no-color"})...) //nolint:gosec // The CLI that the user named.
	// A killed CLI would leave its providers running.
	process.Cancel = func() error { return process.Process.Signal(os.Interrupt) }
	process.Dir, process.Env = w.path, w.variables
	began := time.Now()
	if output, err := process.CombinedOutput(); err != nil {
		const most = 4 << 10 // The errors are at the end.
		return usage{}, fmt.Errorf("%s: %w\n%s", arguments[0], err, output[max(0, len(output)-most):])
	}
	return usage{took: time.Since(began), cpu: process.ProcessState.UserTime() + process.ProcessState.SystemTime()}, nil
}
