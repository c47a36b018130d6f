package provider_test

import (
	"bytes"
	"context"
	"slices"
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

// TestCredentialsRenewalFails checks that a key is renewed before it expires, stays
// in use until it is about to expire while STS refuses, and that each failure is a
// warning in the log.
func TestCredentialsRenewalFails(t *testing.T) {
	t.Parallel()
	world, _ := keyWorld(t, nil, func(options *trtcmock.Options) {
		options.STSCredentialLife = 2 * time.Hour
		options.RequestsPerSecond = -1 // Waiting on a fake clock takes no time.
	})
	connected := keyProvider(t, world, static(tfcore.Values{"assume_role": tfcore.Values{"role_arn": roleARN}}))
	read := func(ctx context.Context) tfcore.Diagnostics {
		_, said := connected.ReadData(ctx, acctest.DataSourceType, tfcore.Values{"sdk_app_id": acctest.SdkAppID, "task_id": "some-task"})
		return said
	}
	issued := world.Clock.Now()
	acctest.ExpectSuccess(t, read(t.Context()))
	world.Inject(t, acctest.RejectAll(assumeRole, "AuthFailure.TokenFailure"))
	world.Clock.Advance(96 * time.Minute)
	var log bytes.Buffer
	for ctx := tflogtest.RootLogger(t.Context(), &log); world.Clock.Now().Sub(issued) < 119*time.Minute; world.Clock.Advance(time.Minute) {
		acctest.ExpectSuccess(t, read(ctx))
	}
	acctest.ExpectError(t, read(t.Context()), "", "The security token is wrong or expired", "STS refused AssumeRole", "Code: AuthFailure.TokenFailure")
	lines, err := tflogtest.MultilineJSONDecode(&log)
	if err != nil {
		t.Fatal(err)
	}
	warnings := slices.DeleteFunc(lines, func(line map[string]any) bool { return line["@level"] != "warn" })
	if len(warnings) < 2 || len(warnings) > 10 {
		t.Errorf("%d warnings in the log, want one a renewal", len(warnings))
	}
	for _, warning := range warnings {
		reason, _ := warning["error"].(string)
		if !strings.Contains(reason, "AuthFailure.TokenFailure") || warning["expires"] != issued.Add(2*time.Hour).UTC().Format(time.RFC3339) {
			t.Errorf("the log says %v", warning)
		}
	}
}
