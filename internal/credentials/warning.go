package credentials

import (
	"fmt"
	"strings"
)

// Warning is something that was set and not used.
type Warning struct {
	// Summary is one line.
	Summary string
	// Detail says what was ignored, why, and what to do.
	Detail string
}

func (r *resolver) warn(summary, detail string) {
	r.warnings = append(r.warnings, Warning{Summary: summary, Detail: detail})
}

// warnEmptyVariables reports the variables that were looked for and found set
// to nothing.
func (r *resolver) warnEmptyVariables() {
	if len(r.variables.empty) == 0 {
		return
	}
	r.warn("Empty environment variables are ignored",
		enumerate(r.variables.empty)+": set but empty, which counts as not set. Unset what is not meant to be there.")
}

// warnUnusedKeys reports keys that were given although winner, an argument or
// variable, asks for others.
func (r *resolver) warnUnusedKeys(keys staticKeys, winner string) {
	if !keys.none() {
		r.warn("Static keys are not used",
			fmt.Sprintf("%s asks for other keys, so what is set in %s is ignored. Remove one of the two.", winner, keys.origin()))
	}
}

// enumerate joins names as a sentence does.
func enumerate(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// be is the verb for that many names.
func be(names []string) string {
	if len(names) == 1 {
		return " is"
	}
	return " are"
}
