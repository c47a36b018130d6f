package journal

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestDefaultDir(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	state := t.TempDir()
	for name, test := range map[string]struct {
		goos string
		env  map[string]string
		home string
		want string
	}{
		"Linux":                     {goos: "linux", home: home, want: home + "/.local/state/terraform-provider-trtc/starts"},
		"Linux, XDG":                {goos: "linux", home: home, env: map[string]string{"XDG_STATE_HOME": state}, want: state + "/terraform-provider-trtc/starts"},
		"Linux, empty XDG":          {goos: "linux", home: home, env: map[string]string{"XDG_STATE_HOME": ""}, want: home + "/.local/state/terraform-provider-trtc/starts"},
		"Linux, relative XDG":       {goos: "linux", home: home, env: map[string]string{"XDG_STATE_HOME": "state"}, want: home + "/.local/state/terraform-provider-trtc/starts"},
		"Linux, XDG and no home":    {goos: "linux", env: map[string]string{"XDG_STATE_HOME": state}, want: state + "/terraform-provider-trtc/starts"},
		"OpenBSD":                   {goos: "openbsd", home: home, want: home + "/.local/state/terraform-provider-trtc/starts"},
		"macOS":                     {goos: "darwin", home: home, env: map[string]string{"XDG_STATE_HOME": state}, want: home + "/Library/Application Support/terraform-provider-trtc/starts"},
		"Windows":                   {goos: "windows", env: map[string]string{"LocalAppData": state}, want: state + "/terraform-provider-trtc/starts"},
		"no home":                   {goos: "linux"},
		"relative home":             {goos: "linux", home: "home"},
		"Windows, no LocalAppData":  {goos: "windows", home: home},
		"Windows, LocalAppData = .": {goos: "windows", env: map[string]string{"LocalAppData": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := config("")
			cfg.GOOS = test.goos
			cfg.LookupEnv = func(name string) (string, bool) { value, ok := test.env[name]; return value, ok }
			cfg.HomeDir = func() (string, error) {
				if test.home == "" {
					return "", errors.New("no home")
				}
				return test.home, nil
			}
			got, err := cfg.defaultDir()
			if got != filepath.FromSlash(test.want) || (err != nil) != (test.want == "") {
				t.Errorf("the default directory is %q, %v, want %q", got, err, test.want)
			}
		})
	}
}

func TestOpenCreatesTheDirectory(t *testing.T) {
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

func TestOpenTakesARelativeDirectory(t *testing.T) {
	root := t.TempDir()
	t.Chdir(root)
	j := open(t, "starts")
	if want := filepath.Join(root, "starts"); j.Dir() != want {
		t.Errorf("Dir = %q, want %q", j.Dir(), want)
	}
}

func TestUnusableDirectory(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		goos    string
		prepare func(t *testing.T, root string) string
		want    Problem
	}{
		"a file": {prepare: func(t *testing.T, root string) string {
			t.Helper()
			return write(t, root, "starts", "")
		}, want: NotDirectory},
		"a file above it": {prepare: func(t *testing.T, root string) string {
			t.Helper()
			return filepath.Join(write(t, root, "file", ""), "starts")
		}, want: NotCreated},
		"a link to a directory": {prepare: func(t *testing.T, root string) string {
			t.Helper()
			return link(t, t.TempDir(), filepath.Join(root, "starts"))
		}, want: SymbolicLink},
		"a link, written as a directory": {prepare: func(t *testing.T, root string) string {
			t.Helper()
			return link(t, t.TempDir(), filepath.Join(root, "starts")) + string(filepath.Separator)
		}, want: SymbolicLink},
		"a link to nothing": {prepare: func(t *testing.T, root string) string {
			t.Helper()
			return link(t, filepath.Join(root, "missing"), filepath.Join(root, "starts"))
		}, want: SymbolicLink},
		"a link to nothing above it": {prepare: func(t *testing.T, root string) string {
			t.Helper()
			return filepath.Join(link(t, filepath.Join(root, "missing"), filepath.Join(root, "above")), "starts")
		}, want: NotCreated},
		// Nobody, not even root, creates files here.
		"a file system without files": {goos: "linux", prepare: func(*testing.T, string) string {
			return "/proc/tty"
		}, want: NotWritable},
		"a file system without directories": {goos: "linux", prepare: func(*testing.T, string) string {
			return "/proc/tty/starts"
		}, want: NotCreated},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.goos != "" && test.goos != runtime.GOOS {
				t.Skipf("needs %s", test.goos)
			}
			dir := test.prepare(t, t.TempDir())
			j, err := Open(config(dir))
			var failed *DirectoryError
			if !errors.As(err, &failed) || j != nil {
				t.Fatalf("Open = %v, %v, want a *DirectoryError", j, err)
			}
			if failed.Problem != test.want || !failed.Configured || failed.Dir != filepath.Clean(dir) {
				t.Errorf("Open fails with %+v, want the problem %q of the configured %s", failed, test.want, dir)
			}
			if !strings.Contains(err.Error(), failed.Dir) || !strings.Contains(err.Error(), string(test.want)) {
				t.Errorf("the error %q does not name the directory and the problem", err)
			}
		})
	}
}

func link(tb testing.TB, target, path string) string {
	tb.Helper()
	if err := os.Symlink(target, path); err != nil {
		tb.Skip(err)
	}
	return path
}

func TestNoLocation(t *testing.T) {
	t.Parallel()
	cfg := config("")
	_, err := Open(cfg)
	var failed *DirectoryError
	if !errors.As(err, &failed) || failed.Problem != NoLocation || failed.Configured || failed.Dir != "" {
		t.Errorf("Open without a home directory = %v, want %q", err, NoLocation)
	}
	if runtime.GOOS != "windows" && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("Open = %v, want the cause", err)
	}
}

func TestNoRandomness(t *testing.T) {
	t.Parallel()
	cfg := config(t.TempDir())
	cfg.Random = strings.NewReader("")
	if _, err := Open(cfg); !errors.Is(err, io.EOF) {
		t.Errorf("Open = %v, want %v", err, io.EOF)
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
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "none")
			if test.file {
				path = write(t, dir, "check", "")
			}
			if got, _ := checkLocks(path, test.first, test.second); got != test.want {
				t.Errorf("checkLocks = %q, want %q", got, test.want)
			}
			expectFiles(t, dir)
		})
	}
}
