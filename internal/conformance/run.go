// Package conformance compares what this project assumes about TRTC's
// stream-ingest API with what the service does.
//
// [Probes] is the table of assumptions. A probe sends single calls, without
// retries and without validation, and records error codes, statuses and buckets.
// Facts that need more than one short task are rows that say how to check them by
// hand. Snapshots in testdata keep what the real service returned, and the mock
// must return the same. A fact without an observation has no snapshot.
//
// A [Run] stops every task that a Start returned, whether the probe expected one
// or not. Each Start is in a journal, so that the next run stops what a killed
// run has left.
package conformance

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// App is an application and its SDKSecretKey.
type App struct {
	ID  int64
	Key tickets.Key
}

// CredentialSource returns the key that signs.
type CredentialSource interface {
	Retrieve(ctx context.Context) (cloudapi.Credential, error)
}

// Config configures a [Run]. Everything is required, App and StreamURL by tier 1
// alone.
type Config struct {
	Endpoint cloudapi.Endpoint
	// China selects the regions and parameters of the China site.
	China bool
	// Region is the region of all calls that are not about regions.
	Region      string
	Credentials CredentialSource

	// App and StreamURL are the application and the stream of the tasks of tier 1.
	App       App
	StreamURL secret.Text

	Clock     clock.Clock
	Transport http.RoundTripper
	// Journal records every Start.
	Journal *journal.Journal
	// Notice is called with what the user has to know, such as a task that may
	// still run.
	Notice func(text string)
}

// Run runs probes, one after another.
type Run struct {
	config Config
	client *cloudapi.Client
	label  string
	// tasks are those that are not known to be gone.
	tasks []*task
	// fatal ends the run.
	fatal error
	// uncertain is set when a task may run that this run cannot stop.
	uncertain bool
}

// New returns a Run. It sends nothing.
func New(config Config) *Run {
	return &Run{
		config: config,
		client: cloudapi.NewClient(cloudapi.Config{Transport: config.Transport, Clock: config.Clock, UserAgent: "terraform-provider-trtc live"}),
		label:  NewLabel(),
	}
}

// NewLabel returns eight random hexadecimal digits.
func NewLabel() string {
	var random [4]byte
	_, _ = rand.Read(random[:]) // It never returns an error.
	return hex.EncodeToString(random[:])
}

// now returns the service's time, as far as it is known.
func (r *Run) now() time.Time { return r.config.Clock.Now().Add(r.client.ClockSkew()) }

// Check describes a task that does not exist, to learn the service's time and whether
// the key and the region are accepted at all: if they are not, no response to a
// probe says anything about its fact.
func (r *Run) Check(ctx context.Context) error {
	var got response
	for range 2 {
		var err error
		got, err = r.send(ctx, actionDescribe, r.config.Region, nonexistent())
		if err != nil {
			return err
		}
		// After this code the client uses the service's time.
		if got.code != "AuthFailure.SignatureExpire" {
			break
		}
	}
	if isOf(got.code, "AuthFailure", "UnauthorizedOperation", "UnsupportedRegion") || isTransient(got.code) {
		return fmt.Errorf("the first call was rejected with %s, so probes cannot give results", got.value())
	}
	return nil
}

// Verdict is the result of a probe.
type Verdict string

// The verdicts.
const (
	Equal        Verdict = "equal"
	Different    Verdict = "DIFFERENT"
	Inconclusive Verdict = "inconclusive"
)

// Outcome is the result of one probe.
type Outcome struct {
	Probe    Probe
	Expected Observation
	// Observed is nil unless the verdict is Equal or Different.
	Observed Observation
	Verdict  Verdict
	// Reason is why there is no observation.
	Reason string
}

// Probe runs a probe and stops its tasks, even if ctx ends. It does nothing once the
// run has ended.
func (r *Run) Probe(ctx context.Context, probe Probe, expected Observation) Outcome {
	outcome := Outcome{Probe: probe, Expected: expected, Verdict: Inconclusive, Reason: "not run"}
	if r.Err(ctx) != nil {
		return outcome
	}
	s := &session{run: r, observed: Observation{}}
	for _, c := range probe.Cases {
		s.record(ctx, c)
	}
	r.stopAll(ctx)
	if s.err != nil {
		if outcome.Reason = s.err.Error(); !errors.Is(s.err, errInconclusive) {
			r.fatal = s.err
		}
		return outcome
	}
	outcome.Observed, outcome.Reason, outcome.Verdict = s.observed, "", Different
	if maps.Equal(s.observed, expected) {
		outcome.Verdict = Equal
	}
	return outcome
}

// Err returns the error that ended the run.
func (r *Run) Err(ctx context.Context) error { return errors.Join(r.fatal, ctx.Err()) }

// Uncertain reports whether a task may run that could not be stopped.
func (r *Run) Uncertain() bool { return r.uncertain || len(r.tasks) > 0 }

func (r *Run) notice(format string, args ...any) {
	r.config.Notice(fmt.Sprintf(format, args...))
}
