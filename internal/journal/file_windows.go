package journal

import (
	"errors"
	"io/fs"

	"golang.org/x/sys/windows"
)

// noFollow is 0: Windows follows links when it opens a file. readFile rejects
// links before it opens a file.
const noFollow = 0

const removesOpenFiles = false

// syncDir does nothing: Windows cannot sync a directory, and NTFS logs new
// entries.
func syncDir(string) error { return nil }

// exposed reports false: the mode bits say nothing about access on Windows, and
// the user's profile is protected by its access control list.
func exposed(fs.FileInfo, int) bool { return false }

// inUse reports whether err means that another process has the file open or
// locked in a way that keeps this one out.
func inUse(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_LOCK_VIOLATION)
}
