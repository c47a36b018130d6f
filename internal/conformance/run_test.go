package conformance

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// TestProbe_Interrupted checks that the task of the probe in flight is stopped, and that
// neither another case nor another probe starts a task.
func TestProbe_Interrupted(t *testing.T) {
	t.Parallel()
	for _, ids := range [][]int{{31, 32}, {26, 31}} { // The first Start is accepted, and rejected.
		ctx, cancel := context.WithCancel(t.Context())
		e := newEnvironment(t, false, func(inner http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				inner.ServeHTTP(w, r)
				if r.Header.Get("X-TC-Action") == actionStart {
					cancel()
				}
			})
		})
		run := e.newRun(t)
		for _, probe := range probesOf(ids...) {
			if verdict := run.Probe(ctx, probe, nil).Verdict; verdict == Equal {
				t.Errorf("probe %d is equal", probe.ID)
			}
		}
		if err := run.Err(ctx); !errors.Is(err, context.Canceled) || run.Uncertain() || len(e.mock.Alive()) > 0 {
			t.Errorf("%v, %d tasks are running", err, len(e.mock.Alive()))
		}
		starts := 0
		for _, call := range e.mock.Journal() {
			if call.Action == actionStart {
				starts++
			}
		}
		if starts != 1 {
			t.Errorf("%d Starts, want 1", starts)
		}
	}
}

// TestCheck checks that a rejected key or region and a wrong clock become no
// observations.
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
			run := e.newRun(t)
			if err := run.Check(t.Context()); (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("Check = %v, want %q", err, test.want)
			}
			if test.name != "wrong clock" {
				return
			}
			// The raw exchanges use the service's time as well.
			if got, err := run.sendRaw(t.Context()); err != nil || got.Status != notExist {
				t.Errorf("a raw exchange = %+v, %v", got, err)
			}
		})
	}
}
