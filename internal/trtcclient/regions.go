package trtcclient

import (
	"slices"
	"strings"
)

const (
	// InternationalDomain is the root domain of the international site.
	InternationalDomain = "intl.tencentcloudapi.com"
	// ChinaDomain is the root domain of the China site.
	ChinaDomain = "tencentcloudapi.com"
)

// Host returns the API's host below a root domain.
func Host(domain string) string { return service + "." + domain }

// Regions is where a site offers the actions.
type Regions struct {
	// Start lists the regions of StartStreamIngest and UpdateStreamIngest.
	Start []string
	// Describe lists those of DescribeStreamIngest and StopStreamIngest, of which
	// the reference lists fewer on the international site.
	Describe []string
}

// RegionsOf returns the documented regions for one of Tencent's hosts, with or
// without the port of HTTPS, or false for any other host.
func RegionsOf(host string) (Regions, bool) {
	switch strings.TrimSuffix(strings.ToLower(host), ":443") {
	case Host(InternationalDomain):
		return Regions{
			Start:    []string{"ap-bangkok", "ap-guangzhou", "ap-jakarta", "ap-mumbai", "ap-singapore", "ap-tokyo"},
			Describe: []string{"ap-bangkok", "ap-jakarta", "ap-mumbai", "ap-singapore"},
		}, true
	case Host(ChinaDomain):
		all := []string{"ap-beijing", "ap-chongqing", "ap-guangzhou", "ap-shanghai", "ap-singapore"}
		return Regions{Start: all, Describe: all}, true
	default:
		return Regions{}, false
	}
}

// Offers reports whether region can start tasks.
func (r Regions) Offers(region string) bool { return slices.Contains(r.Start, region) }

// StartOnly reports whether the reference lists region for starting and updating
// but not for describing and stopping.
func (r Regions) StartOnly(region string) bool {
	return r.Offers(region) && !slices.Contains(r.Describe, region)
}
