package provider

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/trtc-community/terraform-provider-trtc/internal/streamcheck"
)

// checkStream checks the stream of a task that is to be started. Its findings are
// warnings if this walk has interrupted the same robot: a source that failed after
// the plan must not cost the stream.
func (d *providerData) checkStream(ctx context.Context, config, plan configValues, found *diag.Diagnostics) {
	planned, known := plan.stream()
	refuses := !known || !d.walk.hasInterrupted(planned.robot)
	d.inspectStream(ctx, config, plan, plan.latestEnd(d.now()), refuses, found)
}

// checkNewStream checks the stream that a running task is to play next.
func (d *providerData) checkNewStream(ctx context.Context, config, plan configValues, found *diag.Diagnostics) {
	latestEnd := plan.latestEnd(d.now())
	if endsAt, err := time.Parse(time.RFC3339, plan.text("ends_at").ValueString()); err == nil {
		latestEnd = endsAt
	}
	d.inspectStream(ctx, config, plan, latestEnd, true, found)
}

// inspectStream adds to found what the URL of the stream shows and, as stream_check
// says, what the URL delivers. A finding that holds from anywhere is an error if
// refuses is true and stream_check asks for it. inspectStream does nothing while the
// URL is unknown: the apply inspects the URL.
func (d *providerData) inspectStream(ctx context.Context, config, plan configValues, latestEnd time.Time, refuses bool, found *diag.Diagnostics) {
	streamURL, mode := config.secret("stream_url"), plan.text("stream_check").ValueString()
	if streamURL.IsEmpty() {
		return
	}
	var failures, warnings streamProblem
	add := func(findings []streamcheck.Finding, looked bool) {
		for _, finding := range findings {
			problem := &warnings
			if finding.Fails && refuses && mode == streamCheckError {
				problem = &failures
			}
			problem.texts = append(problem.texts, finding.Text)
			problem.looked = problem.looked || looked
			if !slices.Contains(problem.reasons, finding.Summary) {
				problem.reasons = append(problem.reasons, finding.Summary)
			}
		}
	}
	add(streamcheck.InspectURL(streamURL.Reveal(), d.now(), latestEnd), false)
	if mode == streamCheckWarn || mode == streamCheckError {
		add(d.streams.Look(ctx, streamURL.Reveal()), true)
	}
	if len(warnings.texts) > 0 {
		found.AddAttributeWarning(streamURL.attribute, warnings.summary(), warnings.detail())
	}
	if len(failures.texts) > 0 {
		found.AddAttributeError(streamURL.attribute, failures.summary(), failures.detail()+"\n\n"+
			`stream_check = "error" makes this an error. To play the stream anyway, set stream_check = "warn".`)
	}
}

// streamProblem is the content of a diagnostic: why a stream may not play.
type streamProblem struct {
	reasons, texts []string
	looked         bool
}

// summary names the reasons, because the CLI shows only one of several warnings with
// the same summary, whatever their resources.
func (p streamProblem) summary() string {
	const summary = "The stream may not play"
	return summary + ": " + strings.Join(p.reasons, ", ")
}

// detail says once where the stream was checked from.
func (p streamProblem) detail() string {
	text := strings.Join(p.texts, "\n\n")
	if p.looked {
		text += "\n\nStreams are checked from the machine that runs Terraform. The service may get a different response."
	}
	return text
}

// latestEnd returns the latest time at which a task that starts now can end: the
// zero time if it can run without end, and now if the end is not known.
func (c configValues) latestEnd(now time.Time) time.Time {
	minutes := c.number("max_duration")
	switch {
	case c.number("repeat_num").ValueInt64() != endlessRepeat || minutes.IsUnknown():
		return now
	case minutes.IsNull():
		return time.Time{}
	default:
		return now.Add(time.Duration(minutes.ValueInt64()) * time.Minute)
	}
}
