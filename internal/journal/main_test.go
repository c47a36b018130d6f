package journal

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
)

// TestMain lets the test binary be the other process of a test.
func TestMain(m *testing.M) {
	if taskID := os.Getenv(taskVariable); taskID != "" {
		os.Exit(play(taskID))
	}
	goleak.VerifyTestMain(m)
}

var testTime = time.Date(2026, 1, 2, 3, 4, 5, 678, time.UTC)

// config is a journal in dir, with everything else as a test needs it.
func config(dir string) Config {
	return Config{
		Dir:       dir,
		GOOS:      runtime.GOOS,
		LookupEnv: func(string) (string, bool) { return "", false },
		HomeDir:   func() (string, error) { return "", io.ErrUnexpectedEOF },
		Clock:     clocktest.New(testTime),
	}
}

func open(tb testing.TB, dir string) *Journal {
	tb.Helper()
	j, err := Open(config(dir))
	if err != nil {
		tb.Fatal(err)
	}
	return j
}

func streamOf(user string) Start {
	repeat, push := int64(-1), false
	return Start{
		Key:    Key{Service: "intl.tencentcloudapi.com", SdkAppID: 1400000001, RoomIDType: 1, RoomID: "4242", UserID: user},
		Region: "ap-singapore",
		Arguments: Arguments{
			RepeatNum: &repeat, AutoPush: &push,
		},
	}
}

// begin begins a start that finds no other record.
func begin(tb testing.TB, j *Journal, user string) *Entry {
	tb.Helper()
	entry, others, err := j.Begin(streamOf(user))
	if err != nil {
		tb.Fatal(err)
	}
	if len(others) > 0 {
		tb.Fatalf("Begin found %v, want no other record", others)
	}
	return entry
}

// leave leaves a record of user that ended after the given steps.
func leave(tb testing.TB, j *Journal, user string, steps ...func(*Entry) error) string {
	tb.Helper()
	entry, _, err := j.Begin(streamOf(user))
	if err != nil {
		tb.Fatal(err)
	}
	for _, step := range append(steps, (*Entry).Close) {
		noError(tb, step(entry))
	}
	return entry.File()
}

func started(taskID string) func(*Entry) error {
	return func(entry *Entry) error { return entry.Started(taskID) }
}

// noError ends the test if err is an error.
func noError(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// bounded ends what waits too long.
func bounded(tb testing.TB) context.Context {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), 30*time.Second)
	tb.Cleanup(cancel)
	return ctx
}

// write puts a record with the given content into dir and returns its path.
func write(tb testing.TB, dir, name, content string) string {
	tb.Helper()
	path := filepath.Join(dir, name+recordSuffix)
	noError(tb, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// recordName is the name of the nth record of user.
func recordName(user string, n int) string {
	return fmt.Sprintf("%s-%0*x", streamOf(user).Key.hash(), randomDigits, n)
}

// files returns the names in dir, in order.
func files(tb testing.TB, dir string) []string {
	tb.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		tb.Fatal(err)
	}
	names := make([]string, 0, len(entries))
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func expectFiles(tb testing.TB, dir string, want ...string) {
	tb.Helper()
	if got := files(tb, dir); !slices.Equal(got, want) {
		tb.Errorf("%s has the files %v, want %v", dir, got, want)
	}
}

func content(tb testing.TB, path string) string {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}
