package journal

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
)

// Config is the location of the journal and its dependencies.
type Config struct {
	// Dir is the configured directory, which can begin with "~". If Dir is empty,
	// the journal is in the user's state directory.
	Dir string

	// GOOS is the operating system whose state directory is used: runtime.GOOS.
	GOOS string
	// LookupEnv is os.LookupEnv.
	LookupEnv func(name string) (string, bool)
	// HomeDir is os.UserHomeDir.
	HomeDir func() (string, error)

	// Clock gives the times that are recorded. No decision depends on it.
	Clock clock.Clock
}

// Problem is the reason why a directory cannot be used.
type Problem string

// The problems, as the part of a sentence after the name of the directory.
const (
	// NoLocation means that there is no default directory: neither the home
	// directory nor the variable that replaces it is known.
	NoLocation Problem = "has no location"
	// NotCreated is a missing directory that cannot be created.
	NotCreated   Problem = "cannot be created"
	NotDirectory Problem = "is not a directory"
	SymbolicLink Problem = "is a symbolic link"
	// NotWritable includes a full disk.
	NotWritable Problem = "cannot be read or written"
	// NoLocks is a file system that has no locks, or ignores them.
	NoLocks Problem = "is on a file system without working locks"
	// NotPrivate is a default directory that others own or can write.
	NotPrivate Problem = "belongs to another user or can be written by others"
)

// DirectoryError is a directory that cannot hold the journal.
type DirectoryError struct {
	// Dir is the directory as an absolute path; empty with NoLocation.
	Dir string
	// Configured reports whether Dir was configured and is not the default.
	Configured bool
	Problem    Problem
	// Err is the cause, or nil.
	Err error
}

// Error names the directory and the problem.
func (e *DirectoryError) Error() string {
	text := "the directory of the start journal"
	if e.Dir != "" {
		text = e.Dir
	}
	text += " " + string(e.Problem)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *DirectoryError) Unwrap() error { return e.Err }

// defaultDir returns the state directory of the user.
func (cfg Config) defaultDir() (string, error) {
	const subdir = "terraform-provider-trtc/starts"
	if cfg.GOOS == "windows" {
		if dir, ok := cfg.LookupEnv("LocalAppData"); ok && dir != "" {
			return filepath.Join(dir, subdir), nil
		}
		return "", errors.New("the variable LocalAppData is not set")
	}
	// The XDG specification says to ignore relative paths in XDG_STATE_HOME.
	if dir, _ := cfg.LookupEnv("XDG_STATE_HOME"); cfg.GOOS != "darwin" && filepath.IsAbs(dir) {
		return filepath.Join(dir, subdir), nil
	}
	home, err := cfg.HomeDir()
	if err != nil {
		return "", err
	}
	if !filepath.IsAbs(home) {
		return "", fmt.Errorf("the home directory %q is not an absolute path", home)
	}
	if cfg.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Application Support", subdir), nil
	}
	return filepath.Join(home, ".local", "state", subdir), nil
}

// createDir creates dir and its missing parents with access for this user only,
// and makes the entry of dir durable. It does nothing if a file named dir exists.
func createDir(dir string) error {
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return syncDir(filepath.Dir(dir))
}

// locker is a lock on a file. TryLock creates the file.
type locker interface {
	TryLock() (bool, error)
	Unlock() error
}

// checkLocks creates the file path, checks that the first lock on it keeps the
// second one out, and removes it. Some network file systems accept locks and
// ignore them.
func checkLocks(path string, first, second locker) (Problem, error) {
	locked, err := first.TryLock()
	defer func() {
		_ = first.Unlock()
		_ = removeFile(path)
	}()
	switch {
	case err != nil && !exists(path):
		return NotWritable, err
	case err != nil || !locked:
		return NoLocks, err
	}
	lockedTwice, err := second.TryLock()
	defer func() { _ = second.Unlock() }()
	if lockedTwice || err != nil {
		return NoLocks, err
	}
	return "", nil
}

// newRandom returns the part of a file name that differs between records of
// one key.
func newRandom() string {
	var digits [randomDigits / 2]byte
	_, _ = rand.Read(digits[:]) // It never fails.
	return hex.EncodeToString(digits[:])
}
