// Package provider implements the Terraform provider trtc. It turns
// configuration into calls of package trtcclient, and their results into state
// and diagnostics. It contains no HTTP and no JSON.
package provider

import (
	"cmp"
	"context"
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/streamcheck"
)

// Address is the provider's address in the public registry.
const Address = "registry.terraform.io/trtc-community/trtc"

// typeName is the provider's local name and the prefix of every type.
const typeName = "trtc"

// Options configure the provider. The zero value is for production use.
type Options struct {
	// Version is the released version, or empty for a development build.
	Version string
	// LookupEnv reads an environment variable; nil means os.LookupEnv.
	LookupEnv func(string) (string, bool)
	// HomeDir returns the user's home directory; nil means os.UserHomeDir.
	HomeDir func() (string, error)
	// GOOS selects the default directory of the start journal; empty means
	// runtime.GOOS.
	GOOS string
	// Clock provides the time and timers; nil means the system clock.
	Clock clock.Clock
	// Transport sends HTTP requests; nil means a pooled transport.
	Transport http.RoundTripper
	// AttemptTimeout limits one HTTP request; 0 means 30 seconds.
	AttemptTimeout time.Duration
	// MetadataURL is the CVM metadata service; empty means its documented URL.
	MetadataURL string
	// StreamCheck configures the check of streams. Its clock is Clock if it has
	// none.
	StreamCheck streamcheck.Options
}

var (
	_ provider.ProviderWithEphemeralResources = (*trtcProvider)(nil)
	_ provider.ProviderWithActions            = (*trtcProvider)(nil)
	_ provider.ProviderWithListResources      = (*trtcProvider)(nil)
)

// New returns a constructor of the provider.
func New(options Options) func() provider.Provider {
	if options.LookupEnv == nil {
		options.LookupEnv = os.LookupEnv
	}
	if options.HomeDir == nil {
		options.HomeDir = os.UserHomeDir
	}
	options.Version = cmp.Or(options.Version, "dev")
	options.GOOS = cmp.Or(options.GOOS, runtime.GOOS)
	options.Clock = cmp.Or(options.Clock, clock.System())
	options.StreamCheck.Clock = cmp.Or(options.StreamCheck.Clock, options.Clock)
	return func() provider.Provider { return &trtcProvider{options: options} }
}

type trtcProvider struct{ options Options }

func (p *trtcProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.options.Version
}

func (p *trtcProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newStreamIngestResource}
}

func (p *trtcProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return &streamIngestDataSource{} }}
}

func (p *trtcProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		func() ephemeral.EphemeralResource { return &userSigEphemeral{} },
		func() ephemeral.EphemeralResource { return &privateMapKeyEphemeral{} },
	}
}

func (p *trtcProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{func() action.Action { return &stopAction{} }}
}

func (p *trtcProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{func() list.ListResource { return &streamIngestList{} }}
}
