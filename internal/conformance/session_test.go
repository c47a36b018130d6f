package conformance

import (
	"strings"
	"testing"
)

// TestNames checks that every room and user is named tf-live- and used once, and that
// every task ends soon.
func TestNames(t *testing.T) {
	t.Parallel()
	s := newEnvironment(t, false, nil).newSession(t)
	seen := map[string]bool{}
	for range 3 {
		for _, p := range []parameters{s.validStart(), s.rejectedStart()} {
			for _, name := range []string{"RoomId", "UserId"} {
				text, _ := p[name].(string)
				if seen[text] || !strings.HasPrefix(text, "tf-live-") || len(text) > 32 {
					t.Errorf("%s is %q", name, text)
				}
				seen[text] = true
			}
			if p["RepeatNum"] != -1 || p["MaxDuration"] != taskMinutes || p["AutoPush"] != nil {
				t.Errorf("a Start has the parameters %v", p)
			}
		}
	}
}

// TestSession_StopsAtError checks that no step does anything after an error.
func TestSession_StopsAtError(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t, false, nil)
	s := e.newSession(t)
	s.fail("first")
	first := s.err
	for _, probe := range probesOf() {
		for _, c := range probe.Cases {
			c.step(t.Context(), s)
		}
	}
	if len(e.mock.Journal()) > 0 || s.err != first { //nolint:errorlint // It is the same error.
		t.Errorf("%d calls, %v", len(e.mock.Journal()), s.err)
	}
}
