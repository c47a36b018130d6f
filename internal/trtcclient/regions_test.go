package trtcclient_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

func TestRegionsOfTencentsHosts(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ start, startOnly string }{
		trtcclient.Host(trtcclient.InternationalDomain): {
			start: "ap-bangkok ap-guangzhou ap-jakarta ap-mumbai ap-singapore ap-tokyo", startOnly: "ap-guangzhou ap-tokyo",
		},
		trtcclient.Host(trtcclient.ChinaDomain): {start: "ap-beijing ap-chongqing ap-guangzhou ap-shanghai ap-singapore"},
		"TRTC.TencentCloudAPI.com":              {start: "ap-beijing ap-chongqing ap-guangzhou ap-shanghai ap-singapore"},
		"trtc.tencentcloudapi.com:443":          {start: "ap-beijing ap-chongqing ap-guangzhou ap-shanghai ap-singapore"},
	}
	for host, c := range cases {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			regions, documented := trtcclient.RegionsOf(host)
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

func TestRegionsOfOtherHostsAreUnknown(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"", "127.0.0.1:8787", "sts.tencentcloudapi.com", "trtc.ap-singapore.tencentcloudapi.com", "trtc.intl.tencentcloudapi.com.example.com"} {
		if regions, documented := trtcclient.RegionsOf(host); documented || len(regions.Start)+len(regions.Describe) != 0 {
			t.Errorf("RegionsOf(%q) = %v, %v, want none", host, regions, documented)
		}
	}
}
