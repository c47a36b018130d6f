// Package homedir expands "~" in paths of the configuration and the environment,
// where no shell does it.
package homedir

import (
	"errors"
	"path/filepath"
	"strings"
)

// ErrUnknown means that a path needs the home directory, which is not known.
var ErrUnknown = errors.New("the home directory is not known")

// Expand replaces a leading "~" by the home directory. Other paths, those of
// other users ("~name") included, are returned as they are.
func Expand(path string, homeDir func() (string, error)) (string, error) {
	rest, isHome := strings.CutPrefix(path, "~")
	if !isHome || (rest != "" && !strings.ContainsRune(`/\`, rune(rest[0]))) {
		return path, nil
	}
	home, err := homeDir()
	if err != nil || home == "" {
		return "", ErrUnknown
	}
	return filepath.Join(home, rest), nil
}
