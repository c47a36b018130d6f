package provider_test

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// living is a service whose temporary keys have this lifetime. It has no rate
// limit, because waiting on a fake clock takes no time.
func living(life time.Duration) func(*trtcmock.Options) {
	return func(options *trtcmock.Options) {
		options.STSCredentialLife = life
		options.RequestsPerSecond = -1
	}
}

// TestCredentialsRenewed checks that a run that outlives its key gets a new one,
// once for all resources that need it at the same time.
func TestCredentialsRenewed(t *testing.T) {
	t.Parallel()
	const resources, rounds = 12, 4
	for name, test := range map[string]struct {
		arguments tfcore.Values
		issuer    string
	}{
		"assume_role": {static(tfcore.Values{"assume_role": tfcore.Values{"role_arn": roleARN}}), assumeRole},
		"web identity": {
			tfcore.Values{"assume_role_with_web_identity": tfcore.Values{"role_arn": roleARN, "web_identity_token": "jwt-one"}},
			assumeRoleWithWebIdentity,
		},
		"cam_role_name": {tfcore.Values{"cam_role_name": machineRole}, machineRoleCalls},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world, _ := keyWorld(t, nil, living(time.Hour))
			connected := keyProvider(t, world, test.arguments)
			for range rounds {
				together(resources, func(number int) {
					session := acctest.SessionOf(t, connected)
					config := world.Values(t, tfcore.Values{"room_id": strconv.Itoa(1000 + number)})
					if _, said := session.ApplyConfig(t.Context(), config); said.HasErrors() {
						t.Error(said)
					}
					if said := session.Destroy(t.Context()); said.HasErrors() {
						t.Error(said)
					}
				})
				world.Clock.Advance(2 * time.Hour)
			}
			expectRenewals(t, world, test.issuer, rounds)
		})
	}
}

// expectRenewals checks how often a key was issued, that every one was used,
// and that no call was refused.
func expectRenewals(t *testing.T, world *acctest.World, issuer string, want int) {
	t.Helper()
	issued, used := 0, map[string]bool{}
	for _, call := range world.Mock.Journal() {
		switch {
		case call.Action == issuer:
			issued++
		case strings.HasSuffix(call.Action, "StreamIngest"):
			used[call.SecretID] = true
		}
		if call.Code != "" {
			t.Errorf("%s was refused with %s", call.Action, call.Code)
		}
	}
	if issued != want || len(used) != want {
		t.Errorf("%d keys were issued and %d used, want %d", issued, len(used), want)
	}
}

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

// TestCredentialsRenewedInTime checks that a key is renewed before it expires.
func TestCredentialsRenewedInTime(t *testing.T) {
	t.Parallel()
	world, _ := keyWorld(t, nil, living(10*time.Minute))
	connected := keyProvider(t, world, static(tfcore.Values{"assume_role": tfcore.Values{"role_arn": roleARN}}))
	for range 21 {
		if said := readTask(t, connected); said.HasErrors() {
			t.Fatal(said)
		}
		world.Clock.Advance(time.Minute)
	}
	// At minutes 0, 8 and 16, each at 80 % of a lifetime.
	expectRenewals(t, world, assumeRole, 3)
}

// TestCredentialsRenewalFails checks that the key stays in use until it is about
// to expire while STS refuses, and that each failure is a warning in the log.
func TestCredentialsRenewalFails(t *testing.T) {
	t.Parallel()
	world, _ := keyWorld(t, nil, living(2*time.Hour))
	connected := keyProvider(t, world, static(tfcore.Values{"assume_role": tfcore.Values{"role_arn": roleARN}}))
	read := func(ctx context.Context) tfcore.Diagnostics {
		_, said := connected.ReadData(ctx, acctest.DataSourceType, tfcore.Values{"sdk_app_id": acctest.SdkAppID, "task_id": "some-task"})
		return said
	}
	issued := world.Clock.Now()
	if said := read(t.Context()); said.HasErrors() {
		t.Fatal(said)
	}
	world.Inject(t, trtcmock.Fault{Action: assumeRole, Kind: trtcmock.FaultCode, Code: "AuthFailure.TokenFailure", Times: -1})
	world.Clock.Advance(96 * time.Minute)
	var log bytes.Buffer
	for ctx := tflogtest.RootLogger(t.Context(), &log); world.Clock.Now().Sub(issued) < 119*time.Minute; world.Clock.Advance(time.Minute) {
		if said := read(ctx); said.HasErrors() {
			t.Fatalf("after %v: %s", world.Clock.Now().Sub(issued), said)
		}
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

// TestCredentialsRenewalWhileStarting renews the key during a long start, which is
// sent once.
func TestCredentialsRenewalWhileStarting(t *testing.T) {
	t.Parallel()
	world, _ := keyWorld(t, nil, living(time.Hour))
	hook := func(request *http.Request) {
		if request.Header.Get("X-TC-Action") == acctest.Start {
			world.Clock.Advance(time.Minute)
		}
	}
	world.Options.Transport = hookedTransport{next: world.Options.Transport, hook: hook}
	connected := keyProvider(t, world, static(tfcore.Values{"assume_role": tfcore.Values{"role_arn": roleARN}}))
	if said := readTask(t, connected); said.HasErrors() {
		t.Fatal(said)
	}
	world.Clock.Advance(47 * time.Minute)
	session := acctest.SessionOf(t, connected)
	if _, said := session.ApplyConfig(t.Context(), world.Values(t, nil)); said.HasErrors() {
		t.Fatal(said)
	}
	want := []string{assumeRole, acctest.Describe, acctest.Start, assumeRole, acctest.Describe}
	if got := world.Calls(); !slices.Equal(got, want) {
		t.Errorf("calls = %v, want %v", got, want)
	}
}
