// Empty is the smallest provider that the framework serves: no resources, no
// arguments. The benchmarks measure the real provider against it.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return empty{} }, providerserver.ServeOpts{
		Address: "registry.terraform.io/trtc-community/empty",
	})
	if err != nil {
		log.Fatal(err)
	}
}

// empty is a provider that offers nothing.
type empty struct{}

// Metadata names the provider.
func (empty) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "empty"
}

// Schema describes a provider block without arguments.
func (empty) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

// Configure does nothing.
func (empty) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

// Resources lists none.
func (empty) Resources(context.Context) []func() resource.Resource { return nil }

// DataSources lists none.
func (empty) DataSources(context.Context) []func() datasource.DataSource { return nil }
