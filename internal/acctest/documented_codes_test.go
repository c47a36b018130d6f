package acctest_test

import (
	"regexp"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
)

func TestDocumentedCodes(t *testing.T) {
	t.Parallel()
	actions := map[string]bool{acctest.Start: true, acctest.Describe: true, acctest.Update: true, acctest.Stop: true}
	form := regexp.MustCompile(`^[A-Z][A-Za-z]+(\.[A-Z][A-Za-z]+)?$`)
	seen := map[string]bool{}
	for _, documented := range acctest.DocumentedCodes() {
		if !form.MatchString(documented.Code) || seen[documented.Code] || len(documented.Actions) == 0 {
			t.Errorf("%+v is malformed, listed twice or without actions", documented)
		}
		seen[documented.Code] = true
		for _, action := range documented.Actions {
			if !actions[action] {
				t.Errorf("%s: there is no action %s", documented.Code, action)
			}
		}
	}
	if !seen["FailedOperation.QueryTaskInfoFailed"] || !seen["RequestLimitExceeded"] {
		t.Errorf("%d codes, without those of every group", len(seen))
	}
}
