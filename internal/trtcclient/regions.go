package trtcclient

import "slices"

// The root domains of the two sites.
const (
	InternationalDomain = "intl.tencentcloudapi.com"
	ChinaDomain         = "tencentcloudapi.com"
)

// Regions is where a site offers the actions.
type Regions struct {
	Start    []string // of StartStreamIngest and UpdateStreamIngest
	Describe []string // of DescribeStreamIngest and StopStreamIngest; the reference lists fewer on the international site
}

// RegionsOf returns the documented regions of the site with a root domain, or
// false for any other domain.
func RegionsOf(domain string) (Regions, bool) {
	switch domain {
	case InternationalDomain:
		return Regions{
			Start:    []string{"ap-bangkok", "ap-guangzhou", "ap-jakarta", "ap-mumbai", "ap-singapore", "ap-tokyo"},
			Describe: []string{"ap-bangkok", "ap-jakarta", "ap-mumbai", "ap-singapore"},
		}, true
	case ChinaDomain:
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
