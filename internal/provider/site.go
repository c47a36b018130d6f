package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

const (
	// The highest volumes of the China site and of the international site.
	maxVolume              = 200
	internationalMaxVolume = 100
)

// site is a site of Tencent Cloud by its root domain, in lower case and without
// a port: the international site, the China site, or any other domain, with
// which nothing is validated by site. It is empty while the domain is unknown,
// and does not depend on a custom endpoint.
type site string

// newSite returns the site with a root domain, which may have the port of HTTPS.
func newSite(domain string) site {
	return site(strings.TrimSuffix(strings.ToLower(domain), ":443"))
}

func (s site) isInternational() bool { return s == trtcclient.InternationalDomain }

// checkRegion reports a region in which the site offers no stream ingest. A null
// or unknown region passes.
func (s site) checkRegion(region types.String, diags *diag.Diagnostics) {
	regions, documented := trtcclient.RegionsOf(string(s))
	if !documented || region.IsNull() || region.IsUnknown() {
		return
	}
	attribute, name, offerer := path.Root("region"), region.ValueString(), "the China site"
	if s.isInternational() {
		offerer = "the international site"
	}
	switch {
	case !regions.Offers(name):
		diags.AddAttributeError(attribute, "Region without stream ingest",
			fmt.Sprintf("%q is not a region where %s offers stream ingest. Use one of: %s.\n\n"+
				"The site follows domain in the provider block or TENCENTCLOUD_DOMAIN (now %s), even with a custom endpoint. "+
				"If the region is newer than this version of the provider, set skip_region_validation = true in the provider block.",
				name, offerer, strings.Join(regions.Start, ", "), s))
	case regions.StartOnly(name):
		diags.AddAttributeWarning(attribute, "Region listed for starting only",
			fmt.Sprintf("Tencent's API reference lists %s for starting and updating tasks, but not for reading and stopping them. "+
				"The reference may be outdated. If a refresh fails with UnsupportedRegion, use another region.", name))
	}
}

// checkArguments reports arguments and values that only the China site has, of
// which the schema validates the ranges. Unknown values pass.
func (s site) checkArguments(config configValues, diags *diag.Diagnostics) {
	if !s.isInternational() {
		return
	}
	const forChina = "for an account of the China site set domain = \"" + trtcclient.ChinaDomain + "\" in the provider block or TENCENTCLOUD_DOMAIN."
	for _, name := range []string{"tempo", "enable_progress", "idle_timeout"} {
		if config.isSet(name) {
			diags.AddAttributeError(path.Root(name), "Argument available only on the China site",
				fmt.Sprintf("%s is available only on the China site, and this provider uses the international site. Remove %s; %s", name, name, forChina))
		}
	}
	if volume := config.number("volume"); volume.ValueInt64() > internationalMaxVolume {
		diags.AddAttributeError(path.Root("volume"), "Invalid value for volume",
			fmt.Sprintf("volume must be from 0 to %d on the international site. Lower it; %s", internationalMaxVolume, forChina))
	}
}
