package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// callRegion returns the region for a call that is made right away: own, else
// the provider's default. It reports on the attribute region when there is
// none, when it is not known yet, and when the site does not offer it.
func (c *providerData) callRegion(own types.String, diags *diag.Diagnostics) types.String {
	attribute := path.Root("region")
	region := c.resolveRegion(own, attribute, diags)
	if region.IsUnknown() {
		diags.AddAttributeError(attribute, "The region is not known yet",
			"A call is needed, but the region is known only after apply. "+
				"Apply what it depends on first, with terraform apply -target=ADDRESS, or give it a value that is known when planning.")
	}
	c.checkRegion(region, attribute, diags)
	return region
}
