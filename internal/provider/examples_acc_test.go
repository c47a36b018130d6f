package provider_test

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
)

// TestAccExamples applies every directory of examples/ that is a configuration
// of its own, plans it empty and destroys it.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	for _, dir := range exampleRoots(t) {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			stage := newExampleStage(t)
			needsOf(t, dir)
			if prepare := examplePreparations()[dir]; prepare != nil {
				prepare(t, stage, dir)
			}
			stage.apply(t, dir)
			if alive := len(stage.world.Mock.Alive()); alive == 0 && dir != "provider" {
				t.Error("the example starts nothing")
			}
			if !slices.Contains(append(stage.world.Calls(), ""), stage.calls) {
				t.Errorf("%s was not called", stage.calls)
			}
			stage.destroy(t, dir)
		})
	}
}

// exampleRoots are the directories with a terraform block. What has none is a
// fragment or a module, and has tests of its own, or fails here.
func exampleRoots(t *testing.T) []string {
	t.Helper()
	var roots []string
	for dir, files := range exampleDirectories(t) {
		isRoot := slices.ContainsFunc(files, func(name string) bool {
			return strings.Contains(readExample(t, name), "required_providers")
		})
		tested := isFragmentDirectory(dir) || isModule(dir) || dir == handBackExample || dir == renamedExample
		switch {
		case isRoot && !tested:
			roots = append(roots, dir)
		case !tested:
			t.Errorf("%s has no terraform block, and is neither a fragment nor a module", dir)
		}
	}
	slices.Sort(roots)
	return roots
}

// exampleDirectories are the directories below examples/ with *.tf files, and
// those files.
func exampleDirectories(t *testing.T) map[string][]string {
	t.Helper()
	directories := map[string][]string{}
	for _, name := range exampleFiles(t) {
		if path.Ext(name) == ".tf" {
			directories[path.Dir(name)] = append(directories[path.Dir(name)], name)
		}
	}
	return directories
}

func isModule(dir string) bool { return strings.HasPrefix(dir, "modules/") }

// isFragmentDirectory tells the directories whose files are shown on the page
// of a resource, each lacking what another one has.
func isFragmentDirectory(dir string) bool {
	kind, _, _ := strings.Cut(dir, "/")
	return slices.Contains([]string{"resources", "data-sources", "ephemeral-resources", "actions"}, kind)
}

// examplePreparations give examples what they take from their surroundings.
func examplePreparations() map[string]func(*testing.T, *exampleStage, string) {
	return map[string]func(*testing.T, *exampleStage, string){
		"adopt/take-over": func(t *testing.T, stage *exampleStage, dir string) {
			t.Helper()
			stage.warns = true // It tells that it sent nothing.
			stage.tfvars(t, dir, `task_id = "`+stage.startByHand(t)+`"`)
		},
		"authentication/assume-role": func(_ *testing.T, stage *exampleStage, _ string) {
			stage.calls = "AssumeRole"
		},
		"authentication/profile": func(t *testing.T, stage *exampleStage, _ string) {
			t.Helper()
			stage.withoutKeys()
			delete(stage.env, "TENCENTCLOUD_REGION")
			stage.writeHome(t, ".tccli/staging.credential", readExample(t, "authentication/profile/staging.credential"))
			stage.writeHome(t, ".tccli/staging.configure", readExample(t, "authentication/profile/staging.configure"))
		},
		"authentication/github-actions": func(t *testing.T, stage *exampleStage, dir string) {
			t.Helper()
			stage.withoutKeys()
			stage.tfvars(t, dir, `token_file = "`+stage.writeHome(t, "token", exampleToken)+`"`)
		},
		"authentication/gitlab-ci": withIdentityToken,
		"authentication/cvm-role": func(_ *testing.T, stage *exampleStage, _ string) {
			stage.withoutKeys()
		},
		"authentication/tke-pod": func(t *testing.T, stage *exampleStage, _ string) {
			t.Helper()
			stage.withoutKeys()
			stage.env["TKE_REGION"] = "ap-singapore"
			stage.env["TKE_PROVIDER_ID"] = "tke"
			stage.env["TKE_ROLE_ARN"] = exampleRole
			stage.env["TKE_WEB_IDENTITY_TOKEN_FILE"] = stage.writeHome(t, "token", exampleToken)
		},
		"ci/github": func(t *testing.T, stage *exampleStage, dir string) {
			t.Helper()
			stage.keepStateHere(t, dir)
			stage.logIn(t)
		},
		"ci/gitlab": func(t *testing.T, stage *exampleStage, dir string) {
			t.Helper()
			stage.keepStateHere(t, dir)
			withIdentityToken(t, stage, dir)
		},
		"tickets/from-elsewhere": func(t *testing.T, stage *exampleStage, dir string) {
			t.Helper()
			stage.tfvars(t, dir, `user_sig = "`+stage.world.UserSig(t, exampleUser)+`"
signed_url = "https://radio.example.com/live.flv?sign=secret"
`)
		},
		"tickets/in-state": func(t *testing.T, stage *exampleStage, dir string) {
			t.Helper()
			stage.warns = acctest.Has(t, features.WriteOnly) // It recommends them.
			stage.tfvars(t, dir, `user_sig = "`+stage.world.UserSig(t, exampleUser)+`"`)
		},
	}
}

func withIdentityToken(_ *testing.T, stage *exampleStage, _ string) {
	stage.withoutKeys()
	stage.env["TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN"] = exampleToken
}
