package provider_test

import (
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// TestRecordIsRemoved checks each request that finds the TaskId in prior state.
func TestRecordIsRemoved(t *testing.T) {
	t.Parallel()
	for name, request := range map[string]func(*tfcore.Session, tfcore.Values){
		"refresh":              func(session *tfcore.Session, _ tfcore.Values) { session.Refresh(t.Context()) },
		"plan without refresh": func(session *tfcore.Session, config tfcore.Values) { session.Plan(t.Context(), config) },
		"plan of a destroy":    func(session *tfcore.Session, _ tfcore.Values) { session.PlanDestroy(t.Context()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newJournaled(t)
			session, config := w.Session(t), w.Values(t, nil)
			acctest.ExpectApply(t, session, config, tfcore.Create)
			w.rerun(t, session, nil)
			w.expectRecords(t, 1)
			request(session, config)
			w.expectRecords(t, 0)
		})
	}
}

// TestSavedPlanRemovesTheRecord checks the requests of an apply of a saved plan,
// whose process made no plan before.
func TestSavedPlanRemovesTheRecord(t *testing.T) {
	t.Parallel()
	for name, destroys := range map[string]bool{"update": false, "destroy": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newJournaled(t)
			session, config := w.Session(t), w.Values(t, nil)
			acctest.ExpectApply(t, session, config, tfcore.Create)
			saved := session.Plan(t.Context(), config.With(tfcore.Values{"volume": 7}))
			if destroys {
				saved = session.PlanDestroy(t.Context())
			}
			// As if the record had come back: the plan has removed it.
			w.interrupted(t, w.Mock.Alive()[0].ID)
			w.rerun(t, session, nil)
			acctest.ExpectSuccess(t, session.Apply(t.Context(), saved))
			w.expectRecords(t, 0)
		})
	}
}

// TestImportKeepsTheRecordUntilItIsAdopted checks that a plan with an import
// block, which may be discarded, removes no record.
func TestImportKeepsTheRecordUntilItIsAdopted(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	record := w.leave(t, "running")
	session, config := w.resume(t), w.Values(t, nil)
	acctest.ExpectSuccess(t, session.Import(t.Context(), acctest.Region+"/1400000001/"+record.TaskID))
	session.Refresh(t.Context())
	plan := session.Plan(t.Context(), config)
	w.expectRecords(t, 1)
	// The plan is discarded: an apply without the import block starts nothing.
	_, diags := session.Sibling().ApplyConfig(t.Context(), config)
	acctest.ExpectError(t, diags, "", record.TaskID)

	acctest.ExpectSuccess(t, session.Apply(t.Context(), plan))
	w.rerun(t, session, nil)
	acctest.ExpectSettled(t, session, config)
	w.expectRecords(t, 0)
}
