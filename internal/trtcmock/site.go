package trtcmock

import "slices"

// site is what differs between the international and the China site.
type site struct {
	// regions are those of Start and Update, and deliberately also of Describe
	// and Stop: on the international site the reference lists fewer regions for
	// the latter two, on pages older than Start's, but a task that was started
	// in ap-tokyo must be stoppable.
	regions   []string
	maxVolume uint64
	// startExtras and updateExtras are parameters that this site alone has.
	startExtras, updateExtras []parameter
}

func internationalSite() site {
	return site{
		regions:   []string{"ap-bangkok", "ap-guangzhou", "ap-jakarta", "ap-mumbai", "ap-singapore", "ap-tokyo"},
		maxVolume: 100,
	}
}

func chinaSite() site {
	progress := parameter{name: "EnableProgress", kind: kindBool}
	tempo := parameter{name: "Tempo", kind: kindFloat}
	idle := parameter{name: "IdleTimeout", kind: kindUint}
	return site{
		regions:      []string{"ap-beijing", "ap-chongqing", "ap-guangzhou", "ap-shanghai", "ap-singapore"},
		maxVolume:    200,
		startExtras:  []parameter{progress, tempo, idle},
		updateExtras: []parameter{progress, tempo},
	}
}

func (s site) checkRegion(region string) error {
	if !slices.Contains(s.regions, region) {
		return refuse(codeUnsupportedPlace, "The region is not one of %q.", s.regions)
	}
	return nil
}
