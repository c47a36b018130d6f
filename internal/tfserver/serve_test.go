package tfserver

import (
	"bufio"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime/debug"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSilenceUnreadLog(t *testing.T) {
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
			if err := silenceUnreadLog(); err != nil {
				t.Fatal(err)
			}
			for logger := range silent {
				if got, want := os.Getenv(logger), test.want[logger]; got != want {
					t.Errorf("%s = %q, want %q", logger, got, want)
				}
			}
		})
	}
}

func TestCollectLess(t *testing.T) {
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
			collectLess()
			got := settings{debug.SetGCPercent(before.Percent), debug.SetMemoryLimit(before.Limit)}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}

// role is the variable that makes the test binary one of the processes of
// TestAwaitEndOfParent.
const role = "TFSERVER_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "parent":
		child := exec.Command(os.Args[0])
		child.Env, child.Stdout = append(os.Environ(), role+"=child"), os.Stdout
		_ = child.Run() // It is killed before its child ends.
	case "child":
		parent := os.Getppid()
		_, _ = os.Stdout.WriteString("ready\n")
		awaitEndOfParent(parent)
	default:
		os.Exit(m.Run())
	}
}

// TestAwaitEndOfParent: a process ends after its parent was killed. Both hold
// the pipe that the test reads.
func TestAwaitEndOfParent(t *testing.T) {
	t.Parallel()
	parent := exec.CommandContext(t.Context(), os.Args[0])
	parent.Env = append(os.Environ(), role+"=parent")
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	parent.Stdout = writer
	err = parent.Start()
	_ = writer.Close()
	if err != nil {
		t.Fatal(err)
	}
	timeout := time.AfterFunc(time.Minute, func() { _ = reader.Close() })
	defer timeout.Stop()
	output := bufio.NewReader(reader)
	if line, err := output.ReadString('\n'); line != "ready\n" {
		t.Fatalf("the child wrote %q: %v", line, err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := parent.Wait(); err == nil {
		t.Error("the child ended before its parent")
	}
	if rest, err := io.ReadAll(output); err != nil || len(rest) > 0 {
		t.Errorf("the child did not end, and wrote %q: %v", rest, err)
	}
}
