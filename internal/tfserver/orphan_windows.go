package tfserver

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// awaitOrphan blocks until the process that started this one has ended.
func awaitOrphan() {
	parent, err := os.FindProcess(os.Getppid())
	if err == nil {
		_, err = parent.Wait()
	}
	// No process has the ID of a parent that has already ended.
	if err != nil && !errors.Is(err, windows.ERROR_INVALID_PARAMETER) {
		select {} // The parent cannot be observed.
	}
}
