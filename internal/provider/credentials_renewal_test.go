package provider_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// together runs a function that often at the same time.
func together(times int, run func(number int)) {
	var all sync.WaitGroup
	begin := make(chan struct{})
	for number := range times {
		all.Go(func() {
			<-begin
			run(number)
		})
	}
	close(begin)
	all.Wait()
}

// TestCredentialsRenewalFails checks that a key whose renewal fails stays in use
// until it is about to expire, and that the failure is a warning in the log.
func TestCredentialsRenewalFails(t *testing.T) {
	t.Parallel()
	world, _ := keyWorld(t, nil, func(options *trtcmock.Options) { options.STSCredentialLife = 2 * time.Hour })
	connected := keyProvider(t, world, static(tfcore.Values{"assume_role": tfcore.Values{"role_arn": roleARN}}))
	issued := world.Clock.Now()
	acctest.ExpectSuccess(t, readTask(t, connected))
	world.Inject(t, acctest.RejectAll(assumeRole, "AuthFailure.TokenFailure"))
	world.Clock.Advance(100 * time.Minute)
	var log bytes.Buffer
	_, diags := connected.ReadData(tflogtest.RootLogger(t.Context(), &log), acctest.DataSourceType, tfcore.Values{"sdk_app_id": acctest.SdkAppID, "task_id": "some-task"})
	acctest.ExpectSuccess(t, diags)
	expires := fmt.Sprintf("%q", issued.Add(2*time.Hour).UTC().Format(time.RFC3339))
	if text := log.String(); strings.Count(text, `"warn"`) != 1 || !strings.Contains(text, "AuthFailure.TokenFailure") || !strings.Contains(text, expires) {
		t.Errorf("the log has no warning that the renewal failed: %s", text)
	}
	world.Clock.Advance(20 * time.Minute)
	acctest.ExpectError(t, readTask(t, connected), "", "The security token is wrong or expired", "STS refused AssumeRole", "Code: AuthFailure.TokenFailure")
}
