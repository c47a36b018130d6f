package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// providerData is what the configured provider passes to its resources, data
// sources, ephemeral resources and actions.
type providerData struct {
	client *trtcclient.Client
	clock  clock.Clock
	// region is the default region: null when none is set, unknown while its
	// value is.
	region  types.String
	site    site
	minter  ticketMinter
	tickets *startTickets
	// journal is nil when it is off.
	journal *journal.Journal
	// refreshed is true once a resource was read. Terraform reads resources
	// before it plans them, but not during apply, where it configures the
	// provider again.
	refreshed atomic.Bool
}

// Configure reads the provider block and the environment. It sends no request.
func (p *trtcProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = startLogging(ctx, config.secrets()...)
	endpoints := endpointResolver{lookupEnv: p.options.LookupEnv, config: config, diags: &resp.Diagnostics}
	trtc := endpoints.resolve("trtc", config.Endpoint, "endpoint", "TENCENTCLOUD_TRTC_ENDPOINT")
	sts := endpoints.resolve("sts", config.STSEndpoint, "sts_endpoint", "TENCENTCLOUD_STS_ENDPOINT")
	if resp.Diagnostics.HasError() {
		return
	}
	keys := p.resolveKeys(ctx, config, sts, unknownArguments(req.Config, &resp.Diagnostics), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	starts := p.openJournal(ctx, config.StartJournal, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(unreportedStarts(ctx, starts, trtc.Host)...)
	minter := ticketMinter{now: p.options.Clock.Now, lookupEnv: p.options.LookupEnv}
	data := &providerData{
		clock:   p.options.Clock,
		region:  keys.region,
		site:    newSite(endpoints.domain()),
		minter:  minter,
		tickets: minter.newStartTickets(config),
		journal: starts,
		client: trtcclient.New(trtcclient.Config{
			Endpoint:          trtc,
			Credentials:       keys.source,
			RequestsPerSecond: float64(config.RequestsPerSecond.ValueInt64()),
			LimitDir:          limitDir(starts),
			UserAgent:         p.userAgent(),
			AttemptTimeout:    p.options.AttemptTimeout,
			Transport:         p.options.Transport,
			Clock:             p.options.Clock,
			Observe:           logAttempt,
		}),
	}
	resp.ResourceData, resp.DataSourceData, resp.EphemeralResourceData, resp.ActionData = data, data, data, data
	resp.ListResourceData = data
}

// limitDir returns the directory through which processes share the rate limit:
// that of the start journal, unless others can write to it.
func limitDir(starts *journal.Journal) string {
	if starts.Exposed() {
		return ""
	}
	return starts.Dir()
}

// userAgent returns the X-TC-RequestClient of every request.
func (p *trtcProvider) userAgent() string { return "terraform-provider-trtc " + p.options.Version }

// providerDataFrom returns the providerData of a Configure request, or nil when
// the provider is not configured yet, as during validation.
func providerDataFrom(configured any, diags *diag.Diagnostics) *providerData {
	if configured == nil {
		return nil
	}
	data, ok := configured.(*providerData)
	if !ok {
		diags.AddError("Unexpected provider data type",
			fmt.Sprintf("Expected *providerData, got %T. Please report this to the provider's developers.", configured))
	}
	return data
}

// unknownArguments returns the provider arguments whose values are not known
// yet, without those that a call does not need: the default region, the
// application's key and the start journal.
func unknownArguments(config tfsdk.Config, diags *diag.Diagnostics) *unknownArgumentsError {
	var values map[string]tftypes.Value
	if err := config.Raw.As(&values); err != nil {
		diags.AddError("The provider block could not be read", sentence(err.Error()))
	}
	unknown := &unknownArgumentsError{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !slices.Contains([]string{"region", "sdk_secret_key", "sdk_app_id", "start_journal"}, name) && !values[name].IsFullyKnown() {
			unknown.names = append(unknown.names, name)
		}
	}
	return unknown
}

// unknownArgumentsError means that a call was needed while provider arguments
// were unknown.
type unknownArgumentsError struct{ names []string }

// Error names the arguments.
func (e *unknownArgumentsError) Error() string {
	return "provider arguments that are known only after apply: " + strings.Join(e.names, ", ")
}

// Retrieve makes the error usable as a credential source that always fails.
func (e *unknownArgumentsError) Retrieve(context.Context) (cloudapi.Credential, error) {
	return cloudapi.Credential{}, e
}

// endpointResolver resolves the endpoints of services from the provider block
// and the environment.
type endpointResolver struct {
	lookupEnv func(string) (string, bool)
	config    providerModel
	diags     *diag.Diagnostics
}

// resolve returns the endpoint of a service: the given one, else its host below
// the root domain. It returns the zero Endpoint while an argument is unknown;
// no call is made then.
func (r endpointResolver) resolve(service string, given types.String, argument, variable string) cloudapi.Endpoint {
	if given.IsUnknown() || r.config.Domain.IsUnknown() || r.config.Protocol.IsUnknown() {
		return cloudapi.Endpoint{}
	}
	if raw := r.value(given, variable, ""); raw != "" {
		endpoint, err := cloudapi.ParseEndpoint(raw)
		r.report(argument, variable, err)
		return endpoint
	}
	protocol := r.value(r.config.Protocol, "TENCENTCLOUD_PROTOCOL", "HTTPS")
	endpoint, err := cloudapi.NewEndpoint(protocol, service+"."+r.domain())
	if errors.Is(err, cloudapi.ErrHost) {
		r.report("domain", "TENCENTCLOUD_DOMAIN", err)
	} else {
		r.report("protocol", "TENCENTCLOUD_PROTOCOL", err)
	}
	return endpoint
}

// domain returns the root domain, or the empty string while it is unknown.
func (r endpointResolver) domain() string {
	if r.config.Domain.IsUnknown() {
		return ""
	}
	return r.value(r.config.Domain, "TENCENTCLOUD_DOMAIN", trtcclient.InternationalDomain)
}

// value returns the argument, else the variable, else fallback.
func (r endpointResolver) value(argument types.String, variable, fallback string) string {
	if value := argument.ValueString(); value != "" {
		return value
	}
	if value, _ := r.lookupEnv(variable); value != "" {
		return value
	}
	return fallback
}

// report adds err, if any, to the argument. A diagnostic that exists already is
// not added again.
func (r endpointResolver) report(argument, variable string, err error) {
	if err != nil {
		r.diags.Append(diag.NewAttributeErrorDiagnostic(path.Root(argument), "Invalid "+argument,
			"The argument "+argument+" or the environment variable "+variable+" cannot be used: "+err.Error()+"."))
	}
}

// resolveRegion returns region, or the provider's default when region is null.
// It reports an error on attribute when both are null.
func (d *providerData) resolveRegion(region types.String, attribute path.Path, diags *diag.Diagnostics) types.String {
	if !region.IsNull() {
		return region
	}
	if d.region.IsNull() {
		diags.AddAttributeError(attribute, "No region",
			"A task runs in an access region, and none is set. Set region here or in the provider block, or set TENCENTCLOUD_REGION.")
	}
	return d.region
}

// callRegion returns the region of a call that is made now: region, or the
// provider's default when region is null. It reports an error on the attribute
// region when there is none, when it is unknown, and when the site does not
// offer it.
func (d *providerData) callRegion(region types.String, diags *diag.Diagnostics) types.String {
	attribute := path.Root("region")
	region = d.resolveRegion(region, attribute, diags)
	if region.IsUnknown() {
		diags.AddAttributeError(attribute, "The region is not known yet",
			"A call is needed, but the region is known only after apply. "+
				"Apply what it depends on first, with terraform apply -target=ADDRESS, or give it a value that is known when planning.")
	}
	d.site.checkRegion(region, attribute, diags)
	return region
}
