package provider

import (
	"context"
	"net/http"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
)

// Address is the provider's address in the public registry.
const Address = "registry.terraform.io/trtc-community/trtc"

// typeName is the prefix of every type and the provider's local name.
const typeName = "trtc"

// Options are what a process gives the provider. The zero value is right for
// production.
type Options struct {
	// Version is the released version, or empty for a development build.
	Version string
	// LookupEnv reads an environment variable; nil means os.LookupEnv.
	LookupEnv func(string) (string, bool)
	// HomeDir returns the user's home directory; nil means os.UserHomeDir.
	HomeDir func() (string, error)
	// Clock tells the time and waits; nil means the system's.
	Clock clock.Clock
	// Transport carries HTTP requests; nil means a pooled one.
	Transport http.RoundTripper
	// AttemptTimeout bounds one exchange with the service; 0 means 30 seconds.
	AttemptTimeout time.Duration
	// MetadataURL is where the CVM metadata service answers; empty means its
	// documented address.
	MetadataURL string
}

var (
	_ provider.ProviderWithEphemeralResources = (*trtcProvider)(nil)
	_ provider.ProviderWithActions            = (*trtcProvider)(nil)
)

// New returns a constructor of the provider. The error-free signature is what
// providerserver wants.
func New(options Options) func() provider.Provider {
	if options.Version == "" {
		options.Version = "dev"
	}
	if options.LookupEnv == nil {
		options.LookupEnv = os.LookupEnv
	}
	if options.HomeDir == nil {
		options.HomeDir = os.UserHomeDir
	}
	if options.Clock == nil {
		options.Clock = clock.System()
	}
	return func() provider.Provider { return &trtcProvider{options: options} }
}

type trtcProvider struct{ options Options }

// Metadata names the provider.
func (p *trtcProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.options.Version
}

// Resources lists the managed resources.
func (p *trtcProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newStreamIngestResource}
}

// DataSources lists the data sources.
func (p *trtcProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{newStreamIngestDataSource}
}

// EphemeralResources lists the ephemeral resources.
func (p *trtcProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{newUserSigEphemeral, newPrivateMapKeyEphemeral}
}

// Actions lists the actions.
func (p *trtcProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{newStopAction}
}
