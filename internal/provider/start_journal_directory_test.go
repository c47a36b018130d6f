package provider_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// TestStartJournalDirectory checks which directory is used, and what happens
// when it cannot be.
func TestStartJournalDirectory(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	at := func(name string) string { return filepath.Join(base, name) }
	if err := os.WriteFile(at("file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(at("open"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(at("open"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		argument  any
		variables map[string]string
		used      string // the directory that gets the record
		error     string
		warning   string
	}{
		"argument":             {argument: at("argument"), variables: map[string]string{"TRTC_START_JOURNAL": at("unused")}, used: at("argument")},
		"empty":                {argument: "", variables: map[string]string{"TRTC_START_JOURNAL": "", "XDG_STATE_HOME": at("empty")}, used: at("empty/terraform-provider-trtc/starts")},
		"off":                  {argument: "off", variables: map[string]string{"TRTC_START_JOURNAL": at("unused")}},
		"below home":           {argument: "~/argument", used: at("home/argument")},
		"not a directory":      {argument: at("file"), error: at("file") + " is not a directory"},
		"default unusable":     {variables: map[string]string{"XDG_STATE_HOME": at("file")}, warning: "The start is not recorded"},
		"writable by everyone": {argument: at("open"), used: at("open"), warning: "Others can change the start journal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.warning != "" && runtime.GOOS == "windows" {
				t.Skip("file modes")
			}
			w := newJournaled(t)
			w.Setenv(test.variables)
			w.Options.HomeDir = func() (string, error) { return at("home"), nil }
			changes := tfcore.Values{}
			if test.argument != nil {
				changes["start_journal"] = test.argument
			}
			connected := w.Connect(t)
			diags := connected.Configure(t.Context(), w.ProviderValues(changes))
			acctest.ExpectSuccess(t, diags)
			session := connected.Session(acctest.ResourceType)
			plan := session.Plan(t.Context(), w.Values(t, nil))
			if test.error != "" {
				acctest.ExpectWarning(t, plan.Diagnostics, test.error)
				acctest.ExpectError(t, session.Apply(t.Context(), plan), "", test.error, "Nothing was started", "Set start_journal")
				w.ExpectJournal(t)
				return
			}
			acctest.ExpectSilence(t, plan.Diagnostics.Mentioning("The start is not recorded")) // The apply says it.
			diags = append(diags, plan.Diagnostics...)
			diags = append(diags, session.Apply(t.Context(), plan)...)
			if diags.HasErrors() || len(w.Mock.Alive()) != 1 {
				t.Fatal(diags)
			}
			if test.warning != "" {
				acctest.ExpectWarning(t, diags, test.warning)
			}
			if test.used != "" && len(files(t, test.used)) != 1 {
				t.Errorf("%s has the records %v, want one", test.used, files(t, test.used))
			}
			if _, err := os.Stat(at("unused")); err == nil {
				t.Errorf("another directory was created")
			}
		})
	}
}

// TestRelativeStartJournal checks that a plan that starts a task, and no other,
// warns about a directory that depends on the working directory.
func TestRelativeStartJournal(t *testing.T) {
	const warning = "depends on the working directory"
	for directory, warns := range map[string]bool{"./starts": true, "~other": true, t.TempDir(): false, "~/starts": false, "off": false} {
		t.Run(directory, func(t *testing.T) {
			t.Chdir(t.TempDir())
			w := newJournaled(t)
			session, config := w.Provider(t, tfcore.Values{"start_journal": directory}).Session(acctest.ResourceType), w.Values(t, nil)
			plan := session.Plan(t.Context(), config)
			if warned := len(plan.Diagnostics.Warnings().Mentioning(warning)) > 0; warned != warns {
				t.Errorf("warned: %t, want %t; diagnostics %s", warned, warns, plan.Diagnostics)
			}
			acctest.ExpectSuccess(t, session.Apply(t.Context(), plan))
			plan = session.Plan(t.Context(), config.With(tfcore.Values{"volume": 50}))
			acctest.ExpectSilence(t, plan.Diagnostics.Mentioning(warning))
		})
	}
}

// TestStartJournalFails checks a configured directory that vanishes before the
// start. Nothing is sent, unless the start replaces a task: the task was stopped,
// so a new one is started and the warning says that it is not recorded.
func TestStartJournalFails(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	session, config := w.Session(t), w.Values(t, nil)
	vanish := func() {
		if err := os.RemoveAll(w.dir); err != nil {
			t.Fatal(err)
		}
	}
	vanish()
	_, diags := apply(t.Context(), session, config)
	acctest.ExpectError(t, diags, "", "The start journal cannot be used", w.dir)
	w.ExpectJournal(t)

	w.rerun(t, session, nil)
	acctest.ExpectApply(t, session, config, tfcore.Create)
	plan := session.Plan(t.Context(), config.With(tfcore.Values{"seek_second": 60}))
	w.Mock.ResetJournal()
	w.rerun(t, session, nil)
	vanish()
	diags = session.Apply(t.Context(), plan)
	acctest.ExpectSuccess(t, diags)
	acctest.ExpectWarning(t, diags, "The start is not recorded")
	acctest.ExpectWarning(t, diags, w.dir)
	w.ExpectChanges(t, acctest.Stop, acctest.Start)
}
