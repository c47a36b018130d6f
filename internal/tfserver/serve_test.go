package tfserver

import (
	"bufio"
	"context"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDisableUnreadLogs(t *testing.T) {
	silent := map[string]string{"TF_LOG_SDK": "OFF", "TF_LOG_SDK_FRAMEWORK": "OFF", "TF_LOG_SDK_PROTO": "OFF", "TF_LOG_PROVIDER_TRTC": "OFF"}
	for name, test := range map[string]struct{ set, want map[string]string }{
		"no reader":                {nil, silent},
		"the core logs":            {map[string]string{"TF_LOG_CORE": "trace"}, silent},
		"Terraform logs":           {map[string]string{"TF_LOG": "info"}, nil},
		"providers log":            {map[string]string{"TF_LOG_PROVIDER": "debug"}, nil},
		"an agent keeps all lines": {map[string]string{"TF_TEMP_LOG_PATH": "/tmp/log"}, nil},
		"the SDK's level is set":   {map[string]string{"TF_LOG_SDK": "warn"}, map[string]string{"TF_LOG_SDK": "warn", "TF_LOG_PROVIDER_TRTC": "OFF"}},
		"a subsystem's level is set": {map[string]string{"TF_LOG_SDK_PROTO": "warn"}, map[string]string{
			"TF_LOG_SDK": "OFF", "TF_LOG_SDK_FRAMEWORK": "OFF", "TF_LOG_SDK_PROTO": "warn", "TF_LOG_PROVIDER_TRTC": "OFF",
		}},
		"the provider's level is set": {map[string]string{"TF_LOG_PROVIDER_TRTC": "warn"}, map[string]string{
			"TF_LOG_SDK": "OFF", "TF_LOG_SDK_FRAMEWORK": "OFF", "TF_LOG_SDK_PROTO": "OFF", "TF_LOG_PROVIDER_TRTC": "warn",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, variable := range []string{
				"TF_LOG", "TF_LOG_CORE", "TF_LOG_PROVIDER", "TF_TEMP_LOG_PATH",
				"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO", "TF_LOG_PROVIDER_TRTC",
			} {
				t.Setenv(variable, test.set[variable])
			}
			disableUnreadLogs()
			for logger := range silent {
				if got, want := os.Getenv(logger), test.want[logger]; got != want {
					t.Errorf("%s = %q, want %q", logger, got, want)
				}
			}
		})
	}
}

func TestIgnoreProtocolDataDir(t *testing.T) {
	const dir, allow = "TF_LOG_SDK_PROTO_DATA_DIR", "TRTC_ALLOW_PROTO_DATA_DIR"
	for name, test := range map[string]struct {
		dir, allow, want string
		warns            bool
	}{
		"unset":   {},
		"set":     {dir: "data", warns: true},
		"denied":  {dir: "data", allow: "0", warns: true},
		"allowed": {dir: "data", allow: "1", want: "data"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(dir, test.dir)
			t.Setenv(allow, test.allow)
			var log strings.Builder
			ignoreProtocolDataDir(&log)
			if got := os.Getenv(dir); got != test.want {
				t.Errorf("%s = %q, want %q", dir, got, test.want)
			}
			if warned := strings.Contains(log.String(), "[WARN] "+dir) && strings.Contains(log.String(), allow); warned != test.warns {
				t.Errorf("the log is %q, a warning: %t, want %t", log.String(), warned, test.warns)
			}
		})
	}
}

func TestTuneGC(t *testing.T) {
	type settings struct {
		Percent int
		Limit   int64
	}
	unset := settings{Percent: 100, Limit: math.MaxInt64}
	for name, test := range map[string]struct {
		gogc, gomemlimit string
		want             settings
	}{
		"nothing is set":        {"", "", settings{Percent: 800, Limit: 64 << 20}},
		"the percentage is set": {"100", "", unset},
		"the limit is set":      {"", "1GiB", unset},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOGC", test.gogc)
			t.Setenv("GOMEMLIMIT", test.gomemlimit)
			before := settings{debug.SetGCPercent(unset.Percent), debug.SetMemoryLimit(unset.Limit)}
			tuneGC()
			got := settings{debug.SetGCPercent(before.Percent), debug.SetMemoryLimit(before.Limit)}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}

// role is the variable that makes the test binary another process.
const role = "TFSERVER_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "parent":
		child := exec.Command(os.Args[0])
		child.Env, child.Stderr = append(os.Environ(), role+"=child"), os.Stdout
		if _, err := child.StdoutPipe(); err != nil {
			os.Exit(1)
		}
		_ = child.Run() // It is killed before its child ends.
		_, _ = os.Stdout.WriteString("early\n")
	case "child":
		_, _ = os.Stderr.WriteString("ready\n")
		awaitOrphan()
	case "debug":
		if err := ServeDebug("registry.terraform.io/trtc-community/trtc", &probe{}); err != nil {
			os.Exit(1)
		}
	default:
		os.Exit(m.Run())
	}
}

// start starts the test binary in a role, and returns what it and its children
// write.
func start(t *testing.T, as string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0])
	command.Env = append(os.Environ(), role+"="+as)
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command.Stdout = writer
	err = command.Start()
	_ = writer.Close()
	if err != nil {
		t.Fatal(err)
	}
	timeout := time.AfterFunc(time.Minute, func() { _ = reader.Close() })
	t.Cleanup(func() { timeout.Stop() })
	return command, bufio.NewReader(reader)
}

// TestAwaitOrphan checks that a process ends after its parent was killed. Both
// processes hold the pipe that the test reads.
func TestAwaitOrphan(t *testing.T) {
	t.Parallel()
	parent, output := start(t, "parent")
	if line, err := output.ReadString('\n'); line != "ready\n" {
		t.Fatalf("the child wrote %q: %v", line, err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait() // It was killed.
	if rest, err := io.ReadAll(output); err != nil || len(rest) > 0 {
		t.Errorf("the child wrote %q and did not end after its parent: %v", rest, err)
	}
}

// TestAwaitOrphan_ParentAlreadyEnded checks that a process ends if its Terraform
// ended before the process started. The test stands in for Terraform.
func TestAwaitOrphan_ParentAlreadyEnded(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the parent shows it")
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_ = reader.Close()
	defer func() { _ = writer.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0])
	child.Env, child.Stdout = append(os.Environ(), role+"=child"), writer
	if err := child.Run(); err != nil {
		t.Error(err)
	}
}

// TestServeDebug checks that a provider for a debugger prints the value of
// TF_REATTACH_PROVIDERS, and serves until the process is interrupted.
func TestServeDebug(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be interrupted")
	}
	command, output := start(t, "debug")
	const want = `TF_REATTACH_PROVIDERS='{"registry.terraform.io/trtc-community/trtc":{"Protocol":"grpc","ProtocolVersion":6,`
	for {
		line, err := output.ReadString('\n')
		if err != nil {
			t.Fatalf("there is no line with %s: %v", want, err)
		}
		if strings.Contains(line, want) {
			break
		}
	}
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		t.Errorf("after the interrupt: %v", err)
	}
}
