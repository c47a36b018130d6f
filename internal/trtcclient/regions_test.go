package trtcclient_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// TestRegionsOf checks the documented regions of both sites, and that no other domain
// has any.
func TestRegionsOf(t *testing.T) {
	t.Parallel()
	china := "ap-beijing ap-chongqing ap-guangzhou ap-shanghai ap-singapore"
	for domain, want := range map[string]struct{ start, describe string }{
		trtcclient.InternationalDomain:         {"ap-bangkok ap-guangzhou ap-jakarta ap-mumbai ap-singapore ap-tokyo", "ap-bangkok ap-jakarta ap-mumbai ap-singapore"},
		trtcclient.ChinaDomain:                 {china, china},
		"":                                     {},
		"com":                                  {},
		"ap-singapore.tencentcloudapi.com":     {},
		"intl.tencentcloudapi.com.example.com": {},
	} {
		regions, documented := trtcclient.RegionsOf(domain)
		got := struct{ start, describe string }{strings.Join(regions.Start, " "), strings.Join(regions.Describe, " ")}
		if got != want || documented != (want.start != "") {
			t.Errorf("%q: %v, %t, want %v", domain, regions, documented, want)
		}
	}
}

func TestRegions_StartOnly(t *testing.T) {
	t.Parallel()
	regions, _ := trtcclient.RegionsOf(trtcclient.InternationalDomain)
	got := map[string][2]bool{}
	for _, region := range []string{"", "AP-SINGAPORE", "ap-guangzhou", "ap-singapore", "ap-beijing"} {
		got[region] = [2]bool{regions.Offers(region), regions.StartOnly(region)}
	}
	want := map[string][2]bool{"": {}, "AP-SINGAPORE": {}, "ap-guangzhou": {true, true}, "ap-singapore": {true, false}, "ap-beijing": {}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("offered, start only (-want +got):\n%s", diff)
	}
}
