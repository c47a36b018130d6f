package provider_test

import (
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// TestIgnoredArguments checks that arguments that do not take effect are named in
// every run, with what signs instead. Package credentials tests every case.
func TestIgnoredArguments(t *testing.T) {
	t.Parallel()
	world, home := keyWorld(t, map[string]string{idVariable: otherID, keyVariable: otherSecret})
	writeFile(t, `{"secretId":"`+temporaryID+`","secretKey":"`+temporarySecret+`"}`, home, ".tccli", "ci.credential")
	said := world.Connect(t).Configure(t.Context(), keyValues(world, tfcore.Values{"profile": "ci"}))
	if len(said) != 1 || len(said.Warnings().Mentioning("The credentials of TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY sign requests, so the keys of profile ci")) != 1 {
		t.Errorf("said %s, want one warning about the profile", said)
	}
}

// TestIgnoredVariables checks that a variable that does not take effect is named
// once in a run that starts something or in which a call fails, and in no other.
func TestIgnoredVariables(t *testing.T) {
	t.Parallel()
	const ignored = "Only tccli reads TENCENTCLOUD_TOKEN"
	world, _ := keyWorld(t, map[string]string{"TENCENTCLOUD_TOKEN": "canary"})
	run := func() *tfcore.Provider { return keyProvider(t, world, static(nil)) }
	config, other := world.Values(t, nil), world.Values(t, tfcore.Values{"room_id": "1002"})
	expect := func(operation string, want int, said ...tfcore.Diagnostics) {
		t.Helper()
		all := tfcore.Diagnostics{}
		for _, one := range said {
			all = append(all, one...)
		}
		if got := len(all.Warnings().Mentioning(ignored)); got != want || len(all.Mentioning("canary")) > 0 {
			t.Errorf("%s: %d warnings, want %d: %s", operation, got, want, all)
		}
	}

	first := run()
	session := first.Session(acctest.ResourceType)
	plan, second := session.Plan(t.Context(), config), session.Sibling()
	expect("plan of two starts", 1, plan.Diagnostics, second.Plan(t.Context(), other).Diagnostics)
	session.Serve(run())
	acctest.ExpectSuccess(t, session.Apply(t.Context(), plan))
	session.Serve(run())
	settled := session.Refresh(t.Context())
	expect("settled plan", 0, settled, session.Plan(t.Context(), config).Diagnostics)
	update := session.Plan(t.Context(), config.With(tfcore.Values{"volume": 1}))
	expect("update", 0, update.Diagnostics, session.Apply(t.Context(), update))
	replacement := session.Plan(t.Context(), config.With(tfcore.Values{"user_id": "robot-2", "user_sig": world.UserSig(t, "robot-2")}))
	expect("plan of a replacement", 1, replacement.Diagnostics)

	session.Serve(run())
	world.Inject(t, acctest.RejectAll("", "AuthFailure.TokenFailure"))
	expect("failed calls", 1, session.Refresh(t.Context()), session.Refresh(t.Context()))
	session.Serve(run())
	expect("failed destroy", 1, session.Apply(t.Context(), session.PlanDestroy(t.Context())))
	expect("failed data source", 1, readTask(t, run()))
}

// TestAccIgnoredVariables shows the warning once in a plan with several resources.
func TestAccIgnoredVariables(t *testing.T) {
	t.Parallel()
	variables := map[string]string{"TCCLI_PROFILE": "ci"}
	world, _ := keyWorld(t, variables)
	cli := world.CLI(t)
	cli.Write(t, "main.tf", world.ProviderBlock()+world.StreamIngest(t, nil)+
		acctest.StreamIngestBlock("other", world.StreamIngestArguments(t, acctest.Arguments{"room_id": `"1002"`})))
	const summary = "Warning: A variable of tccli is ignored"
	for _, step := range []struct {
		command []string
		want    int
	}{
		{[]string{"plan", "-out=saved"}, 1},
		{[]string{"apply", "saved"}, 1},
		{[]string{"plan", "-detailed-exitcode"}, 0},
		{[]string{"destroy", "-auto-approve"}, 0},
	} {
		said := cli.MustRun(t, append([]string{step.command[0], "-no-color"}, step.command[1:]...)...).Stdout
		_, shown, _ := strings.Cut(said, summary)
		shown, _, _ = strings.Cut(shown, "\nWarning: ")
		if got := strings.Count(said, summary); got != step.want || strings.Contains(shown, "similar warning") {
			t.Errorf("%s: %d warnings, want %d:\n%s", step.command, got, step.want, said)
		}
	}
}
