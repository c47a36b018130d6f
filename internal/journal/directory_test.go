package journal

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestDefaultDir(t *testing.T) {
	t.Parallel()
	home, state := t.TempDir(), t.TempDir()
	const subdir = "/terraform-provider-trtc/starts"
	for _, test := range []struct{ goos, variable, value, home, want string }{
		{"linux", "", "", home, home + "/.local/state" + subdir},
		{"linux", "XDG_STATE_HOME", state, home, state + subdir},
		{"linux", "XDG_STATE_HOME", state, "", state + subdir},
		{"linux", "XDG_STATE_HOME", "", home, home + "/.local/state" + subdir},
		{"linux", "XDG_STATE_HOME", "state", home, home + "/.local/state" + subdir},
		{"openbsd", "", "", home, home + "/.local/state" + subdir},
		{"darwin", "XDG_STATE_HOME", state, home, home + "/Library/Application Support" + subdir},
		{"windows", "LocalAppData", state, "", state + subdir},
		{"linux", "", "", "", ""},
		{"linux", "", "", "home", ""},
		{"windows", "", "", home, ""},
		{"windows", "LocalAppData", "", "", ""},
	} {
		cfg := config("")
		cfg.GOOS = test.goos
		cfg.LookupEnv = func(name string) (string, bool) { return test.value, name == test.variable }
		cfg.HomeDir = func() (string, error) {
			if test.home == "" {
				return "", errors.New("no home")
			}
			return test.home, nil
		}
		got, err := cfg.defaultDir()
		if got != filepath.FromSlash(test.want) || (err != nil) != (test.want == "") {
			t.Errorf("%+v: the default directory is %q, %v", test, got, err)
		}
	}
}

func TestOpen_CreatesDirectory(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	cfg := config("")
	cfg.GOOS = "linux"
	cfg.HomeDir = func() (string, error) { return root, nil }
	for range 2 {
		j, err := Open(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if want := filepath.Join(root, ".local", "state", "terraform-provider-trtc", "starts"); j.Dir() != want {
			t.Errorf("Dir = %q, want %q", j.Dir(), want)
		}
		if j.Exposed() {
			t.Error("a new directory is exposed")
		}
		expectFiles(t, j.Dir())
		for dir := j.Dir(); dir != root; dir = filepath.Dir(dir) {
			info, err := os.Stat(dir)
			if err != nil {
				t.Fatal(err)
			}
			if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode != 0o700 {
				t.Errorf("%s has mode %o, want 700", dir, mode)
			}
		}
	}
}

func TestOpen_RelativeDirectory(t *testing.T) {
	root := t.TempDir()
	t.Chdir(root)
	j := open(t, "starts")
	if want := filepath.Join(root, "starts"); j.Dir() != want || !j.Relative() || open(t, root).Relative() {
		t.Errorf("Dir = %q, relative %t, want %q", j.Dir(), j.Relative(), want)
	}
}

func TestOpen_UnusableDirectory(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	file := write(t, root, "file", "")
	toDir, toNothing := link(t, t.TempDir(), filepath.Join(root, "link")), link(t, "missing", filepath.Join(root, "dangling"))
	tests := map[string]Problem{
		file:                               NotDirectory,
		filepath.Join(file, "starts"):      NotCreated,
		toDir:                              SymbolicLink,
		toDir + string(filepath.Separator): SymbolicLink,
		toNothing:                          SymbolicLink,
		filepath.Join(toNothing, "starts"): NotCreated,
	}
	if runtime.GOOS == "linux" { // Nobody, not even root, creates files here.
		tests["/proc/tty"], tests["/proc/tty/starts"] = NotWritable, NotCreated
	}
	for dir, want := range tests {
		j, err := Open(config(dir))
		var failed *DirectoryError
		if !errors.As(err, &failed) || j != nil {
			t.Fatalf("Open = %v, %v, want a *DirectoryError", j, err)
		}
		if failed.Problem != want || !failed.Configured || failed.Dir != filepath.Clean(dir) {
			t.Errorf("Open fails with %+v, want the problem %q of the configured %s", failed, want, dir)
		}
		if !strings.Contains(err.Error(), failed.Dir) || !strings.Contains(err.Error(), string(want)) {
			t.Errorf("the error %q does not name the directory and the problem", err)
		}
	}
}

func link(tb testing.TB, target, path string) string {
	tb.Helper()
	if err := os.Symlink(target, path); err != nil {
		tb.Skip(err)
	}
	return path
}

func TestOpen_NoLocation(t *testing.T) {
	t.Parallel()
	_, err := Open(config(""))
	var failed *DirectoryError
	if !errors.As(err, &failed) || failed.Problem != NoLocation || failed.Configured || failed.Dir != "" {
		t.Errorf("Open without a home directory = %v, want %q", err, NoLocation)
	}
}

// stubLock is a lock whose tries have a fixed result.
type stubLock struct {
	locked bool
	err    error
}

func (l stubLock) TryLock() (bool, error) { return l.locked, l.err }
func (stubLock) Unlock() error            { return nil }

func TestCheckLocks(t *testing.T) {
	t.Parallel()
	broken := errors.New("no locks available")
	for name, test := range map[string]struct {
		file          bool
		first, second stubLock
		want          Problem
	}{
		"works":           {true, stubLock{locked: true}, stubLock{}, ""},
		"no lock":         {true, stubLock{err: broken}, stubLock{}, NoLocks},
		"an ignored lock": {true, stubLock{locked: true}, stubLock{locked: true}, NoLocks},
		"a second fails":  {true, stubLock{locked: true}, stubLock{err: broken}, NoLocks},
		"never locked":    {true, stubLock{}, stubLock{}, NoLocks},
		"no file":         {false, stubLock{err: broken}, stubLock{}, NotWritable},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "none")
		if test.file {
			path = write(t, dir, "check", "")
		}
		if got, _ := checkLocks(path, test.first, test.second); got != test.want {
			t.Errorf("%s: checkLocks = %q, want %q", name, got, test.want)
		}
		expectFiles(t, dir)
	}
}
