package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// providerData is what the configured provider hands to its resources and data
// sources.
type providerData struct {
	client *trtcclient.Client
	clock  clock.Clock
	// region is the provider's default; null when there is none, unknown while
	// its value is.
	region types.String
	// minter makes tickets, without a call.
	minter ticketMinter
}

// providerDataFrom takes the connection out of a Configure request. It is nil
// when the provider is not configured yet, as during validation.
func providerDataFrom(configured any, diags *diag.Diagnostics) *providerData {
	if configured == nil {
		return nil
	}
	conn, ok := configured.(*providerData)
	if !ok {
		diags.AddError("The provider is wired up wrongly",
			fmt.Sprintf("A resource was configured with %T. Please report this to the provider's developers.", configured))
	}
	return conn
}

// resolveRegion returns the region that a resource or data source without one
// of its own uses. It reports on attribute when there is none.
func (c *providerData) resolveRegion(own types.String, attribute path.Path, diags *diag.Diagnostics) types.String {
	if !own.IsNull() {
		return own
	}
	if c.region.IsNull() {
		diags.AddAttributeError(attribute, "No region",
			"Every task lives in an access region and none is given. Set region here or in the provider block, or set TENCENTCLOUD_REGION.")
	}
	return c.region
}

// checkRegion holds a region to the list of Tencent's site. Other hosts, such
// as the mock, know their own regions.
func (c *providerData) checkRegion(region types.String, attribute path.Path, diags *diag.Diagnostics) {
	regions, documented := trtcclient.RegionsOf(c.client.Endpoint().Host)
	if !documented || region.IsNull() || region.IsUnknown() {
		return
	}
	name := region.ValueString()
	switch {
	case !regions.Offers(name):
		diags.AddAttributeError(attribute, "Region without stream ingest",
			fmt.Sprintf("%q is none of the regions that %s offers for stream ingest: %s.",
				name, c.client.Endpoint().Host, strings.Join(regions.Start, ", ")))
	case regions.StartOnly(name):
		diags.AddAttributeWarning(attribute, "Region listed for starting only",
			fmt.Sprintf("Tencent's API reference lists %s for starting and updating tasks, but not for reading and stopping them. "+
				"The pages may be out of date; if a refresh fails with UnsupportedRegion, use another region.", name))
	}
}

// unknownArgumentsError says that a call was needed while the provider's
// arguments were not known.
type unknownArgumentsError struct{ names []string }

// Error names the arguments.
func (e *unknownArgumentsError) Error() string {
	return "provider arguments that are known only after apply: " + strings.Join(e.names, ", ")
}

// Retrieve lets the error stand in for a credential source: no call gets
// further than to ask for its key.
func (e *unknownArgumentsError) Retrieve(context.Context) (cloudapi.Credential, error) {
	return cloudapi.Credential{}, e
}
