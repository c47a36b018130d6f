package provider

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// Configure reads the provider block and the environment. It makes no call.
func (p *trtcProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = startLogging(ctx, config.secrets()...)
	hosts := hosts{lookupEnv: p.options.LookupEnv, config: config, diags: &resp.Diagnostics}
	trtc := hosts.endpoint("trtc", config.Endpoint, "endpoint", "TENCENTCLOUD_TRTC_ENDPOINT")
	sts := hosts.endpoint("sts", config.STSEndpoint, "sts_endpoint", "TENCENTCLOUD_STS_ENDPOINT")
	if resp.Diagnostics.HasError() {
		return
	}
	keys := p.resolveKeys(ctx, config, sts, unknownArguments(req.Config, &resp.Diagnostics), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	conn := &providerData{
		clock:  p.options.Clock,
		region: keys.region,
		minter: ticketMinter{now: p.options.Clock.Now, lookupEnv: p.options.LookupEnv},
		client: trtcclient.New(trtcclient.Config{
			Endpoint:          trtc,
			Credentials:       keys.source,
			RequestsPerSecond: float64(config.RequestsPerSecond.ValueInt64()),
			UserAgent:         p.userAgent(),
			AttemptTimeout:    p.options.AttemptTimeout,
			Transport:         p.options.Transport,
			Clock:             p.options.Clock,
			Observe:           logAttempt,
		}),
	}
	resp.ResourceData = conn
	resp.DataSourceData = conn
	resp.EphemeralResourceData = conn
	resp.ActionData = conn
}

func (p *trtcProvider) userAgent() string { return "terraform-provider-trtc " + p.options.Version }

// unknownArguments names the arguments whose values are not known yet. A call
// can do without the default region: every resource carries its own.
func unknownArguments(config tfsdk.Config, diags *diag.Diagnostics) *unknownArgumentsError {
	var values map[string]tftypes.Value
	if err := config.Raw.As(&values); err != nil {
		diags.AddError("The provider block could not be read", sentence(err.Error()))
	}
	unknown := &unknownArgumentsError{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if name != "region" && !values[name].IsFullyKnown() {
			unknown.names = append(unknown.names, name)
		}
	}
	return unknown
}

// hosts decides where services are called, and reports on the argument what is
// wrong with it or with its variable.
type hosts struct {
	lookupEnv func(string) (string, bool)
	config    providerModel
	diags     *diag.Diagnostics
}

// endpoint returns where a service is called: the service's own endpoint, else
// its host below the root domain. While an argument is unknown it is the zero
// Endpoint, which no call gets to see.
func (h hosts) endpoint(service string, own types.String, argument, variable string) cloudapi.Endpoint {
	if own.IsUnknown() || h.config.Domain.IsUnknown() || h.config.Protocol.IsUnknown() {
		return cloudapi.Endpoint{}
	}
	if raw := h.text(own, variable, ""); raw != "" {
		endpoint, err := cloudapi.ParseEndpoint(raw)
		h.refuse(argument, variable, err)
		return endpoint
	}
	domain := h.text(h.config.Domain, "TENCENTCLOUD_DOMAIN", trtcclient.InternationalDomain)
	protocol := h.text(h.config.Protocol, "TENCENTCLOUD_PROTOCOL", "HTTPS")
	endpoint, err := cloudapi.NewEndpoint(protocol, service+"."+domain)
	if errors.Is(err, cloudapi.ErrHost) {
		h.refuse("domain", "TENCENTCLOUD_DOMAIN", err)
	} else {
		h.refuse("protocol", "TENCENTCLOUD_PROTOCOL", err)
	}
	return endpoint
}

// text returns the argument when it is set, else the variable, else fallback.
func (h hosts) text(argument types.String, variable, fallback string) string {
	if value := argument.ValueString(); value != "" {
		return value
	}
	if value, _ := h.lookupEnv(variable); value != "" {
		return value
	}
	return fallback
}

// refuse reports err on the argument, once.
func (h hosts) refuse(argument, variable string, err error) {
	if err != nil {
		h.diags.Append(diag.NewAttributeErrorDiagnostic(path.Root(argument), "Invalid "+argument,
			"The argument "+argument+" or the environment variable "+variable+" cannot be used: "+err.Error()+"."))
	}
}
