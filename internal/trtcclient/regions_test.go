package trtcclient_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

func TestRegionsOfSites(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ start, startOnly string }{
		trtcclient.InternationalDomain: {
			start: "ap-bangkok ap-guangzhou ap-jakarta ap-mumbai ap-singapore ap-tokyo", startOnly: "ap-guangzhou ap-tokyo",
		},
		trtcclient.ChinaDomain: {start: "ap-beijing ap-chongqing ap-guangzhou ap-shanghai ap-singapore"},
	}
	for domain, c := range cases {
		t.Run(domain, func(t *testing.T) {
			t.Parallel()
			regions, documented := trtcclient.RegionsOf(domain)
			if got := strings.Join(regions.Start, " "); !documented || got != c.start {
				t.Errorf("RegionsOf = %s, %v, want %s", got, documented, c.start)
			}
			for _, region := range []string{"", "ap-nowhere", "AP-SINGAPORE", "ap-guangzhou", "ap-tokyo", "ap-singapore", "ap-beijing"} {
				offered := slices.Contains(strings.Fields(c.start), region)
				if got := regions.Offers(region); got != offered {
					t.Errorf("Offers(%q) = %v, want %v", region, got, offered)
				}
				startOnly := slices.Contains(strings.Fields(c.startOnly), region)
				if got := regions.StartOnly(region); got != startOnly {
					t.Errorf("StartOnly(%q) = %v, want %v", region, got, startOnly)
				}
			}
		})
	}
}

func TestRegionsOfOtherDomains(t *testing.T) {
	t.Parallel()
	for _, domain := range []string{"", "example.com", "com", "internal.tencentcloudapi.com", "ap-singapore.tencentcloudapi.com", "intl.tencentcloudapi.com.example.com"} {
		if regions, documented := trtcclient.RegionsOf(domain); documented || len(regions.Start)+len(regions.Describe) != 0 {
			t.Errorf("RegionsOf(%q) = %v, %v, want none", domain, regions, documented)
		}
	}
}
