package conformance

import (
	"strings"
	"testing"
	"time"
)

func TestBuckets(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ got, want string }{
		{lag(999*time.Millisecond, true), "within 1 s"},
		{lag(time.Second, true), "within 4 s"},
		{lag(4*time.Second, true), "within 15 s"},
		{lag(time.Hour, false), "not within 15 s"},
		{lengthBucket(strings.Repeat("x", 63)), "under 64"},
		{lengthBucket(strings.Repeat("x", 64)), "64 to 127"},
		{lengthBucket(strings.Repeat("x", 128)), "128 or more"},
		{hasOtherCharacters("aZ0+-._"), "false"},
		{hasOtherCharacters("a/"), "true"},
		{hasOtherCharacters("ä"), "true"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}

// Every room and user is named tf-live- and used once.
func TestNames(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t, false, nil)
	run, err := New(e.config)
	if err != nil {
		t.Fatal(err)
	}
	s := &session{run: run, observed: Observation{}}
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

// After an error no step does anything.
func TestSessionStopsAtError(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t, false, nil)
	run, err := New(e.config)
	if err != nil {
		t.Fatal(err)
	}
	s := &session{run: run, observed: Observation{}, err: &inconclusiveError{"first"}}
	for _, probe := range Probes() {
		for _, c := range probe.Cases {
			if c.step != nil {
				c.step(t.Context(), s)
			}
		}
	}
	if len(e.mock.Journal()) > 0 || len(s.observed) > 0 || s.err.Error() != "first" {
		t.Errorf("%d calls, observed %v, %v", len(e.mock.Journal()), s.observed, s.err)
	}
}
