//go:build unix

package journal

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestExposed(t *testing.T) {
	t.Parallel()
	for mode, want := range map[os.FileMode]bool{0o700: false, 0o755: false, 0o770: true, 0o702: true, 0o777: true, 0o1777: true} {
		dir := t.TempDir()
		noError(t, os.Chmod(dir, mode))
		info, err := os.Stat(dir)
		if err != nil {
			t.Fatal(err)
		}
		if got := exposed(info, os.Geteuid()); got != want {
			t.Errorf("a directory of mode %o is exposed: %t, want %t", mode, got, want)
		}
		if !exposed(info, os.Geteuid()+1) {
			t.Errorf("a directory of another user, of mode %o, is not exposed", mode)
		}
	}
}

func TestOpen_ExposedDirectory(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	cfg := config("")
	cfg.GOOS = "linux"
	cfg.HomeDir = func() (string, error) { return home, nil }
	j, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	noError(t, os.Chmod(j.Dir(), 0o777))
	var failed *DirectoryError
	if _, err := Open(cfg); !errors.As(err, &failed) || failed.Problem != NotPrivate || failed.Configured {
		t.Errorf("Open of an exposed default directory = %v, want %q", err, NotPrivate)
	}
	if !open(t, j.Dir()).Exposed() {
		t.Error("an exposed configured directory is not exposed")
	}
}

func TestBegin_PrivateFiles(t *testing.T) {
	t.Parallel()
	entry := begin(t, open(t, t.TempDir()), "robot")
	t.Cleanup(func() { _ = entry.Close() })
	for _, suffix := range []string{recordSuffix, lockSuffix} {
		if info, err := os.Stat(entry.journal.path(entry.name, suffix)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the file %s is %v, %v, want mode 600", suffix, info, err)
		}
	}
}

// TestLookup_Pipe checks that the journal does not open a pipe, because opening a pipe
// blocks until the pipe has a writer.
func TestLookup_Pipe(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	path := j.path(recordName("robot", 1), recordSuffix)
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	expectForeign(t, j, path)
}

// TestOpen_UnwritableDirectory needs a user whom permissions bind.
func TestOpen_UnwritableDirectory(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := t.TempDir()
	noError(t, os.Chmod(dir, 0o500))
	var failed *DirectoryError
	if _, err := Open(config(dir)); !errors.As(err, &failed) || failed.Problem != NotWritable {
		t.Errorf("Open = %v, want %q", err, NotWritable)
	}
}

// TestBegin_UnreadableDirectory checks that a start that cannot list other records
// leaves no record.
func TestBegin_UnreadableDirectory(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root may read everywhere")
	}
	j := open(t, t.TempDir())
	j.syncDir = func(dir string) error { return os.Chmod(dir, 0o300) }
	var failed *DirectoryError
	if entry, _, err := j.Begin(streamOf("robot")); !errors.As(err, &failed) || failed.Problem != NotWritable || entry != nil {
		t.Errorf("Begin = %v, %v, want %q", entry, err, NotWritable)
	}
	noError(t, os.Chmod(j.Dir(), 0o700))
	expectFiles(t, j.Dir())
}

// TestBegin_UnreadableRecord checks that a record of another user is not reported as an
// interrupted start, and that a start of its stream finds it.
func TestBegin_UnreadableRecord(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	dir := t.TempDir()
	entry, _, err := open(t, dir).Begin(streamOf("robot"))
	if err == nil {
		err = errors.Join(entry.Close(), os.Chmod(entry.File(), 0))
	}
	if err != nil {
		t.Fatal(err)
	}
	j := open(t, dir)
	if records, err := j.Unreturned(service); err != nil || len(records) > 0 {
		t.Errorf("Unreturned = %+v, %v, want nothing", records, err)
	}
	again, others, err := j.Begin(streamOf("robot"))
	if err != nil || len(others) != 1 || others[0].State != Invalid || others[0].Err.Defect != Unreadable {
		t.Errorf("Begin = %+v, %v, want the unreadable record", others, err)
	}
	noError(t, again.Discard())
}

func TestSyncDir(t *testing.T) {
	t.Parallel()
	noError(t, syncDir(t.TempDir()))
	if err := syncDir(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("syncDir of a missing directory succeeds")
	}
	if runtime := "/proc/tty"; exists(runtime) {
		if err := syncDir(runtime); err != nil {
			t.Errorf("syncDir of a directory that has no sync = %v, want nil", err)
		}
	}
}
