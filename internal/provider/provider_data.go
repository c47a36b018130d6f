package provider

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/streamcheck"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

const (
	// secondReadWait is the time between the two reads that confirm the end of
	// a task.
	secondReadWait = time.Second
	// firstPoll and longestPoll limit the time between two reads of a task
	// that is being stopped.
	firstPoll   = time.Second
	longestPoll = 5 * time.Second
)

// providerData is the configured provider, for its resources and actions.
type providerData struct {
	client    *trtcclient.Client
	clock     clock.Clock
	lookupEnv func(string) (string, bool)
	// region is the default: null when none is set, unknown while its value is.
	region types.String
	site   site
	// siteConfigured is true when the argument domain selects the site, and not
	// the environment.
	siteConfigured bool
	// skipRegionValidation accepts regions that site does not list.
	skipRegionValidation bool
	tickets              *startTickets
	// journal is nil when it is off or cannot be used; journalErr says why it
	// cannot be used, or is nil.
	journal    *journal.Journal
	journalErr *journal.DirectoryError
	walk       *walk
	// missingKeys lists the sources of credentials if none has a key, else nil.
	missingKeys *credentials.NotFoundError
	// streams looks at the URLs of this walk.
	streams *streamcheck.Checker
	// ignoredVariables are warnings about variables that do not take effect, and
	// warnedIgnored is true once an operation has had them.
	ignoredVariables []credentials.Warning
	warnedIgnored    atomic.Bool
}

// configured has the provider data of a resource, data source, list resource, action
// or ephemeral resource. The requests and responses of their Configure methods are
// types of their own.
type configured[Request ~struct{ ProviderData any }, Response any] struct{ provider *providerData }

// Configure sets the provider data, which are nil while Terraform validates.
func (c *configured[Request, Response]) Configure(_ context.Context, req Request, _ *Response) {
	c.provider, _ = struct{ ProviderData any }(req).ProviderData.(*providerData)
}

// now returns the service's time, as far as it is known.
func (d *providerData) now() time.Time { return d.clock.Now().Add(d.client.ClockSkew()) }

// resolveRegion returns region, or the provider's default when region is null.
// It reports an error when both are null, and when the site does not offer it.
func (d *providerData) resolveRegion(region types.String, diags *diag.Diagnostics) types.String {
	if region.IsNull() {
		region = d.region
	}
	if region.IsNull() {
		diags.AddAttributeError(path.Root("region"), "No region",
			"A task runs in an access region, and none is set. Set region here or in the provider block, or set TENCENTCLOUD_REGION.")
	}
	if !d.skipRegionValidation {
		d.site.checkRegion(region, diags)
	}
	return region
}

// callRegion is resolveRegion for a call that is made now. It also reports an
// error when the region is unknown.
func (d *providerData) callRegion(region types.String, diags *diag.Diagnostics) types.String {
	region = d.resolveRegion(region, diags)
	if region.IsUnknown() {
		diags.AddAttributeError(path.Root("region"), "The region is not known yet",
			"This operation calls the API, but the region is known only after apply. "+
				"Apply what it depends on first, with terraform apply -target=ADDRESS, or give it a value that is known when planning.")
	}
	return region
}

// warnIgnoredVariables warns, once, about variables that do not take effect. It is
// for operations that start something or that fail, so that a settled plan has no
// such warnings.
func (d *providerData) warnIgnoredVariables(diags *diag.Diagnostics) {
	if d.warnedIgnored.Swap(true) {
		return
	}
	for _, warning := range d.ignoredVariables {
		diags.AddWarning(warning.Summary, warning.Detail)
	}
}

// clockWarning returns a warning, once per run, when the service had refused
// a signature for its time and the provider therefore uses the service's clock.
func (d *providerData) clockWarning() diag.Diagnostics {
	skew, first := d.client.ClockNotice()
	if !first {
		return nil
	}
	direction := "behind"
	if skew < 0 {
		direction = "ahead of"
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic("The local clock is out of sync", fmt.Sprintf(
		"This machine's clock is %v %s Tencent Cloud's clock, so the service rejected a signature. "+
			"For the rest of this run the provider signs requests and mints tickets with Tencent Cloud's time. Synchronize the clock (NTP).", skew.Abs(), direction))}
}

// errStillRunning means that the end of a task was not confirmed in time.
var errStillRunning = errors.New("the stop was accepted, but the service has not confirmed that the task is gone")

// begin returns the context of one operation, with its deadline and with log
// masks for its secrets, and the function that ends the operation.
func (d *providerData) begin(ctx context.Context, timeout time.Duration, diags *diag.Diagnostics, secrets ...secret.Text) (context.Context, func()) {
	ctx, cancel := d.clock.WithTimeout(startLogging(ctx, secrets...), timeout)
	return ctx, func() {
		cancel()
		if diags.HasError() {
			d.warnIgnoredVariables(diags)
		}
		diags.Append(d.clockWarning()...)
	}
}

// confirmedStatus returns the status of a task. It confirms NotExist with a
// second read.
func (d *providerData) confirmedStatus(ctx context.Context, task trtcclient.Task) (trtcclient.Status, error) {
	status, err := d.client.Describe(ctx, task)
	if err != nil || status != trtcclient.NotExist {
		return status, err
	}
	if err := d.clock.Sleep(ctx, secondReadWait); err != nil {
		return "", fmt.Errorf("the service reports that the task does not exist, but a second read to confirm it was not sent: %w", err)
	}
	return d.client.Describe(ctx, task)
}

// stop stops a task and waits until the service reports that it does not exist.
// wasRunning is false when the service reported that there was nothing to stop.
func (d *providerData) stop(ctx context.Context, task trtcclient.Task) (wasRunning bool, err error) {
	err = d.client.Stop(ctx, task)
	wasRunning = err == nil
	if err != nil && !trtcclient.IsClass(err, trtcclient.Gone) {
		return false, err
	}
	for wait := firstPoll; ; wait = min(2*wait, longestPoll) {
		status, err := d.client.Describe(ctx, task)
		if err == nil && status == trtcclient.NotExist {
			return wasRunning, nil
		}
		waiting := err == nil || trtcclient.IsClass(err, trtcclient.Unread)
		if waiting {
			err = d.clock.Sleep(ctx, wait)
		}
		failed, ok := errors.AsType[*trtcclient.Error](err)
		switch {
		case err == nil:
		case waiting, ok && failed.OutOfTime, errors.Is(ctx.Err(), context.Canceled) && errors.Is(err, context.Canceled):
			return wasRunning, fmt.Errorf("%w: %w", errStillRunning, err)
		default: // The status cannot be read.
			return wasRunning, err
		}
	}
}

// findTask returns errOtherService if the service of this run does not know the
// task. The response to a stop does not show that.
func (d *providerData) findTask(ctx context.Context, task trtcclient.Task) error {
	status, err := d.client.Describe(ctx, task)
	if err == nil && status == trtcclient.NotExist {
		return errOtherService
	}
	return err
}
