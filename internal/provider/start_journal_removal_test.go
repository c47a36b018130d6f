package provider_test

import (
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// TestRecordIsRemoved checks each request that finds the TaskId in prior state.
func TestRecordIsRemoved(t *testing.T) {
	t.Parallel()
	for name, meet := range map[string]func(*testing.T, *tfcore.Session, tfcore.Values){
		"refresh": func(t *testing.T, session *tfcore.Session, _ tfcore.Values) {
			t.Helper()
			session.Refresh(t.Context())
		},
		"plan without refresh": func(t *testing.T, session *tfcore.Session, config tfcore.Values) {
			t.Helper()
			session.Plan(t.Context(), config)
		},
		"plan of a destroy": func(t *testing.T, session *tfcore.Session, _ tfcore.Values) {
			t.Helper()
			session.PlanDestroy(t.Context())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newJournaled(t)
			session, config := w.Session(t), w.Values(t, nil)
			acctest.ExpectApply(t, session, config, tfcore.Create)
			w.rerun(t, session, nil)
			if before := files(t, w.dir); len(before) != 1 {
				t.Fatalf("records %v, want one", before)
			}
			meet(t, session, config)
			if left := files(t, w.dir); len(left) > 0 {
				t.Errorf("records are left: %v", left)
			}
		})
	}
}

// TestSavedPlanRemovesTheRecord checks the requests of an apply of a saved plan,
// whose process made no plan before.
func TestSavedPlanRemovesTheRecord(t *testing.T) {
	t.Parallel()
	for name, plan := range map[string]func(*testing.T, *tfcore.Session, tfcore.Values) tfcore.Plan{
		"update": func(t *testing.T, session *tfcore.Session, config tfcore.Values) tfcore.Plan {
			t.Helper()
			return session.Plan(t.Context(), config.With(tfcore.Values{"volume": 7}))
		},
		"destroy": func(t *testing.T, session *tfcore.Session, _ tfcore.Values) tfcore.Plan {
			t.Helper()
			return session.PlanDestroy(t.Context())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newJournaled(t)
			session, config := w.Session(t), w.Values(t, nil)
			acctest.ExpectApply(t, session, config, tfcore.Create)
			saved := plan(t, session, config)
			// As if the record had come back: the plan has removed it.
			w.interrupted(t, w.Mock.Alive()[0].ID)
			w.rerun(t, session, nil)
			acctest.ExpectSuccess(t, session.Apply(t.Context(), saved))
			if left := files(t, w.dir); len(left) > 0 {
				t.Errorf("records are left: %v", left)
			}
		})
	}
}

// TestImportKeepsTheRecordUntilItIsAdopted checks that a plan with an import
// block, which may be discarded, removes no record.
func TestImportKeepsTheRecordUntilItIsAdopted(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	record := w.interrupted(t, w.running(t))
	session, config := w.resume(t), w.Values(t, nil)
	acctest.ExpectSuccess(t, session.Import(t.Context(), acctest.Region+"/1400000001/"+record.TaskID))
	session.Refresh(t.Context())
	plan := session.Plan(t.Context(), config)
	if left := files(t, w.dir); len(left) != 1 {
		t.Fatalf("the plan removed the record")
	}
	// The plan is discarded: an apply without the import block starts nothing.
	_, diags := session.Sibling().ApplyConfig(t.Context(), config)
	acctest.ExpectError(t, diags, "", record.TaskID)

	acctest.ExpectSuccess(t, session.Apply(t.Context(), plan))
	w.rerun(t, session, nil)
	acctest.ExpectSettled(t, session, config)
	if left := files(t, w.dir); len(left) > 0 {
		t.Errorf("records are left after the adoption: %v", left)
	}
}
