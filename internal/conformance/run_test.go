package conformance

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// A mock that contradicts what the real service was observed to do fails the
// comparison, unless the difference is known.
func TestContradictedObservation(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	probe := probesOf(20)[0]
	for _, observed := range []Observation{probe.AssumedOn(false), {"short": unlistedCode}} {
		if err := Append(dir, probe, Record{SiteInternational, "2026-03-01", "0.1.0", "0123abcd", observed}); err != nil {
			t.Fatal(err)
		}
	}
	snapshot, err := ReadSnapshot(os.DirFS(dir), probe)
	if err != nil {
		t.Fatal(err)
	}
	known := probe
	known.KnownDifferences = map[string]string{"short": "on purpose"}
	for _, test := range []struct {
		probe Probe
		china bool
		mock  Observation
		want  int
	}{{probe, false, probe.AssumedOn(false), 1}, {known, false, probe.AssumedOn(false), 0}, {probe, true, probe.AssumedOn(true), 0}, {probe, true, nil, 2}} {
		if got := differencesOf(test.probe, test.mock, snapshot.Expected(probe, test.china)); len(got) != test.want {
			t.Errorf("%s: differences %q, want %d", Site(test.china), got, test.want)
		}
	}
}

// The probe in flight is completed by stopping its task; the others do not run.
func TestInterruptedRun(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	e := newEnvironment(t, false, func(inner http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			inner.ServeHTTP(w, r)
			if r.Header.Get("X-TC-Action") == actionStart {
				cancel()
			}
		})
	})
	run, err := New(e.config)
	if err != nil {
		t.Fatal(err)
	}
	var verdicts []Verdict
	err = run.Probes(ctx, probesOf(31, 32, 18), func(p Probe) Observation { return expected(t, p, false) },
		func(o Outcome) { verdicts = append(verdicts, o.Verdict) })
	if !errors.Is(err, context.Canceled) || run.Uncertain() || len(e.mock.Alive()) > 0 {
		t.Errorf("%v, %d tasks are running", err, len(e.mock.Alive()))
	}
	if len(e.mock.Tasks()) != 1 || len(verdicts) != 3 || verdicts[2] != Inconclusive {
		t.Errorf("%d tasks were started, verdicts %q", len(e.mock.Tasks()), verdicts)
	}
}

func TestTransientAnswersAreInconclusive(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"RequestLimitExceeded.UinLimitExceeded", "InternalError", "ServiceUnavailable", "ResourceInsufficient.RequestRejection", "FailedOperation.QueryTaskInfoFailed"} {
		e := newEnvironment(t, false, nil)
		if err := e.mock.Inject(trtcmock.Fault{Action: actionDescribe, Nth: 2, Kind: trtcmock.FaultCode, Code: code}); err != nil {
			t.Fatal(err)
		}
		outcomes, _ := e.run(t, 18)
		if got := outcomes[18]; got.Verdict != Inconclusive || got.Observed != nil || !strings.Contains(got.Reason, code) {
			t.Errorf("%s: %+v", code, got)
		}
	}
}

// A key or region that is not accepted, and a clock that is wrong, must not
// become observations.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"accepted", func(*Config) {}, ""},
		{"unknown key", func(c *Config) {
			c.Credentials = staticKey{SecretID: secret.New("AKIDother"), SecretKey: secret.New("x")}
		}, "AuthFailure.SecretIdNotFound"},
		{"other region", func(c *Config) { c.Region = "na-ashburn" }, "UnsupportedRegion"},
		{"wrong clock", func(c *Config) { c.Clock = clocktest.New(c.Clock.Now().Add(-time.Hour)) }, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := newEnvironment(t, false, nil)
			test.change(&e.config)
			run, err := New(e.config)
			if err != nil {
				t.Fatal(err)
			}
			if err := run.Check(t.Context()); (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("Check = %v, want %q", err, test.want)
			}
			if test.name != "wrong clock" {
				return
			}
			// The raw exchanges use the service's time as well.
			if got, err := run.exchange(t.Context()); err != nil || got.status != notExist {
				t.Errorf("a raw exchange = %+v, %v", got, err)
			}
		})
	}
}
