//go:build unix

package journal

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// noFollow makes opening a symbolic link fail.
const noFollow = syscall.O_NOFOLLOW

const removesOpenFiles = true

// syncDir makes new entries of dir durable. It does nothing on file systems that
// cannot sync a directory.
func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // The directory of the journal or one above it.
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}

// exposed reports whether another user than uid owns the directory, or others
// can write to it.
func exposed(dir fs.FileInfo, uid int) bool {
	stat, ok := dir.Sys().(*syscall.Stat_t)
	return !ok || int(stat.Uid) != uid || dir.Mode().Perm()&0o022 != 0
}

// inUse reports whether err means that another process has the file open in a
// way that keeps this one out. Unix has no such error.
func inUse(error) bool { return false }
