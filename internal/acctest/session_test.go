package acctest_test

import (
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

func TestExpectationsOfASession(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := world.Values(t, nil)
	session := world.Created(t, config)
	one := tfcore.Diagnostic{Error: true, Attribute: "room_id", Summary: "wrong room", Detail: "text"}
	warning := tfcore.Diagnostic{Summary: "paused"}
	bug := tfcore.Diagnostic{Error: true, Bug: true, Summary: "bug"}
	for name, test := range map[string]struct {
		expect func(*failures)
		fails  bool
	}{
		"settled":          {func(f *failures) { acctest.ExpectSettled(f, session, config) }, false},
		"not settled":      {func(f *failures) { acctest.ExpectSettled(f, session, config.With(tfcore.Values{"volume": 1})) }, true},
		"attributes":       {func(f *failures) { acctest.ExpectAttributes(f, session, tfcore.Values{"room_id": "1001"}) }, false},
		"other attributes": {func(f *failures) { acctest.ExpectAttributes(f, session, tfcore.Values{"room_id": "1002"}) }, true},
		"state":            {func(f *failures) { acctest.ExpectState(f, session, session.State()) }, false},
		"no state":         {func(f *failures) { acctest.ExpectState(f, session, nil) }, true},
		"error": {func(f *failures) {
			acctest.ExpectError(f, tfcore.Diagnostics{one, warning}, "room_id", "wrong", "text")
		}, false},
		"error on another":         {func(f *failures) { acctest.ExpectError(f, tfcore.Diagnostics{one}, "user_id") }, true},
		"error without the text":   {func(f *failures) { acctest.ExpectError(f, tfcore.Diagnostics{one}, "room_id", "else") }, true},
		"no error":                 {func(f *failures) { acctest.ExpectError(f, tfcore.Diagnostics{warning}, "") }, true},
		"two errors":               {func(f *failures) { acctest.ExpectError(f, tfcore.Diagnostics{one, one}, "room_id") }, true},
		"bug":                      {func(f *failures) { acctest.ExpectError(f, tfcore.Diagnostics{bug}, "") }, true},
		"warning":                  {func(f *failures) { acctest.ExpectWarning(f, tfcore.Diagnostics{warning}, "paused") }, false},
		"warning that is an error": {func(f *failures) { acctest.ExpectWarning(f, tfcore.Diagnostics{one}, "wrong") }, true},
		"apply of nothing": {func(f *failures) {
			acctest.ExpectApply(f, session, config, tfcore.NoOp)
		}, false},
		"apply of something else": {func(f *failures) {
			acctest.ExpectApply(f, session, config, tfcore.Update)
		}, true},
	} {
		recorder := &failures{TB: t}
		done := make(chan struct{})
		go func() { // Fatalf ends its goroutine.
			defer close(done)
			test.expect(recorder)
		}()
		<-done
		if failed := len(recorder.texts) > 0; failed != test.fails {
			t.Errorf("%s: failed: %t (%q), want %t", name, failed, recorder.texts, test.fails)
		}
	}
}

func TestSessionHasNoState(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	if session := world.Session(t); session.State() != nil || len(world.Calls()) > 0 {
		t.Errorf("a new session has the state %v and made the calls %v", session.State(), world.Calls())
	}
}
