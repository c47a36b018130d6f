package provider

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/streamcheck"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// Configure reads the provider block and the environment. It sends no request.
func (p *trtcProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = startLogging(ctx, config.secrets()...)
	trtc := p.endpoint(config, "trtc", config.Endpoint, "endpoint", "TENCENTCLOUD_TRTC_ENDPOINT", &resp.Diagnostics)
	sts := p.endpoint(config, "sts", config.STSEndpoint, "sts_endpoint", "TENCENTCLOUD_STS_ENDPOINT", &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	api := cloudapi.NewClient(cloudapi.Config{
		Transport: p.options.Transport, Clock: p.options.Clock, UserAgent: "terraform-provider-trtc " + p.options.Version,
	})
	source, region, resolved := p.resolveCredentials(config, api, sts, unknownArguments(req.Config), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	starts, journalErr := p.openJournal(config.StartJournal, &resp.Diagnostics)
	resp.Diagnostics.Append(unreportedStarts(ctx, starts, trtc.Identity())...)
	data := &providerData{
		clock:          p.options.Clock,
		lookupEnv:      p.options.LookupEnv,
		region:         region,
		site:           newSite(p.domain(config).value),
		siteConfigured: strings.TrimSpace(config.Domain.ValueString()) != "",
		// While it is unknown, no call is made.
		skipRegionValidation: config.SkipRegionValidation.IsUnknown() || config.SkipRegionValidation.ValueBool(),
		journal:              starts,
		journalErr:           journalErr,
		walk:                 newWalk(),
		streams:              streamcheck.New(p.options.StreamCheck),
		client: trtcclient.New(trtcclient.Config{
			Endpoint:          trtc,
			Credentials:       source,
			RequestsPerSecond: int(config.RequestsPerSecond.ValueInt64()),
			API:               api,
			AttemptTimeout:    p.options.AttemptTimeout,
			Clock:             p.options.Clock,
			Observe:           logAttempt,
		}),
		missingKeys:      resolved.Missing,
		ignoredVariables: resolved.VariableWarnings,
	}
	data.tickets = newStartTickets(config, p.options, data.client.ClockSkew)
	resp.ResourceData, resp.DataSourceData, resp.ListResourceData = data, data, data
	resp.EphemeralResourceData, resp.ActionData = data, data
}

// userAgent returns the X-TC-RequestClient of every request.
// unknownArguments returns the provider arguments whose values are not known
// yet, without those that a call does not need: the default region, the
// application's key and the start journal.
func unknownArguments(config tfsdk.Config) []string {
	values := valuesOf(config.Raw)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(values)), func(name string) bool {
		return values[name].IsFullyKnown() || slices.Contains([]string{"region", "sdk_secret_key", "sdk_app_id", "start_journal"}, name)
	})
}

// unknownArgumentsError means that a call needed provider arguments that are unknown.
type unknownArgumentsError struct{ names []string }

func (e *unknownArgumentsError) Error() string {
	return "provider arguments that are known only after apply: " + strings.Join(e.names, ", ")
}

// Retrieve makes the error usable as a credential source that always fails.
func (e *unknownArgumentsError) Retrieve(context.Context) (cloudapi.Credential, error) {
	return cloudapi.Credential{}, e
}

// endpoint returns the endpoint of a service: the given one, else its host below
// the root domain. It returns the zero Endpoint while an argument is unknown; no
// call is made then.
func (p *trtcProvider) endpoint(
	config providerModel, service string, given types.String, argument, variable string, diags *diag.Diagnostics,
) (endpoint cloudapi.Endpoint) {
	if given.IsUnknown() || config.Domain.IsUnknown() || config.Protocol.IsUnknown() {
		return endpoint
	}
	domain := p.domain(config)
	if err := checkDomain(domain.value); err != nil {
		domain.refuse(err, diags)
		return endpoint
	}
	var err error
	used := readSetting(p.options.LookupEnv, given, argument, variable)
	if used.value != "" {
		endpoint, err = cloudapi.ParseEndpoint(used.value)
	} else {
		used = readSetting(p.options.LookupEnv, config.Protocol, "protocol", "TENCENTCLOUD_PROTOCOL")
		endpoint, err = cloudapi.NewEndpoint(cmp.Or(used.value, "HTTPS"), service+"."+domain.value)
	}
	if err != nil {
		used.refuse(err, diags)
	}
	return endpoint
}

// domain returns the root domain. Its value is empty while it is unknown.
func (p *trtcProvider) domain(config providerModel) setting {
	domain := readSetting(p.options.LookupEnv, config.Domain, "domain", "TENCENTCLOUD_DOMAIN")
	if !config.Domain.IsUnknown() {
		domain.value = cmp.Or(domain.value, trtcclient.InternationalDomain)
	}
	return domain
}
