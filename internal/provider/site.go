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
	// maxVolume and internationalMaxVolume are the highest volumes of the China
	// site and of the international site.
	maxVolume              = 200
	internationalMaxVolume = 100
)

// chinaArguments returns the arguments of parameters that only the China site
// has.
func chinaArguments() []string { return []string{"tempo", "enable_progress", "idle_timeout"} }

// site is a site of Tencent Cloud: the international site, the China site, or
// any other domain, with which nothing is validated by site. It depends on the
// root domain only, not on a custom endpoint.
type site struct {
	// domain is the root domain in lower case, or empty while it is unknown.
	domain string
}

// newSite returns the site with a root domain, which may have the port of HTTPS.
func newSite(domain string) site {
	return site{domain: strings.TrimSuffix(strings.ToLower(domain), ":443")}
}

// isInternational reports whether s is the international site.
func (s site) isInternational() bool { return s.domain == trtcclient.InternationalDomain }

// name returns the site as diagnostics name it.
func (s site) name() string {
	if s.isInternational() {
		return "the international site"
	}
	return "the China site"
}

// checkRegion reports a region in which the site offers no stream ingest. A null
// or unknown region passes.
func (s site) checkRegion(region types.String, attribute path.Path, diags *diag.Diagnostics) {
	regions, documented := trtcclient.RegionsOf(s.domain)
	if !documented || region.IsNull() || region.IsUnknown() {
		return
	}
	name := region.ValueString()
	switch {
	case !regions.Offers(name):
		diags.AddAttributeError(attribute, "Region without stream ingest",
			fmt.Sprintf("%q is not a region where %s offers stream ingest. Use one of: %s.\n\n"+
				"The site follows domain in the provider block or TENCENTCLOUD_DOMAIN (now %s), also with a custom endpoint.",
				name, s.name(), strings.Join(regions.Start, ", "), s.domain))
	case regions.StartOnly(name):
		diags.AddAttributeWarning(attribute, "Region listed for starting only",
			fmt.Sprintf("Tencent's API reference lists %s for starting and updating tasks, but not for reading and stopping them. "+
				"The reference may be outdated. If a refresh fails with UnsupportedRegion, use another region.", name))
	}
}

// checkArguments reports arguments and values that the international site does
// not have. Unknown values pass. The schema validates the ranges of the China
// site.
func (s site) checkArguments(config configValues, diags *diag.Diagnostics) {
	if !s.isInternational() {
		return
	}
	const forChina = "for an account of the China site set domain = \"" + trtcclient.ChinaDomain + "\" in the provider block or TENCENTCLOUD_DOMAIN."
	for _, name := range chinaArguments() {
		if config.isSet(name) {
			diags.AddAttributeError(path.Root(name), "Argument of the China site",
				fmt.Sprintf("Only the China site has %s, and the provider uses the international site. Remove %s; %s", name, name, forChina))
		}
	}
	if volume := config.number("volume"); volume.ValueInt64() > internationalMaxVolume {
		diags.AddAttributeError(path.Root("volume"), "Invalid value for volume",
			fmt.Sprintf("volume must be from 0 to %d on the international site. Lower it; %s", internationalMaxVolume, forChina))
	}
}
