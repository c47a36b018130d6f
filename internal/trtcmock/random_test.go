package trtcmock

import (
	"regexp"
	"testing"
)

func TestTaskIDs(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[A-Za-z0-9]+\+[A-Za-z0-9]+-[A-Za-z0-9]+\.[A-Za-z0-9]+_[A-Za-z0-9]+$`)
	g := newGenerator(newTestServer(t, nil).options.Rand)
	seen := map[string]bool{}
	for range 200 {
		id := g.taskID()
		if len(id) < 60 || len(id) > 120 || !form.MatchString(id) || seen[id] {
			t.Fatalf("task id %q", id)
		}
		seen[id] = true
	}
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	seen := map[string]bool{}
	for range 20 {
		id := s.call("DescribeStreamIngest", target("unknown")).Response.RequestID
		if len(id) != 36 || id[14] != '4' || seen[id] {
			t.Fatalf("request id %q", id)
		}
		seen[id] = true
	}
	for _, call := range s.Journal() {
		if !seen[call.RequestID] {
			t.Errorf("the call log has request ID %q, which is in no response", call.RequestID)
		}
	}
}
