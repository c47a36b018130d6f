package conformance

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Tier says what a probe may do. A higher tier includes the lower ones.
type Tier int

// The tiers.
const (
	// Tier0 starts nothing on purpose and is free.
	Tier0 Tier = iota
	// Tier1 runs one short task at a time.
	Tier1
	// Tier2 runs several tasks, or one for minutes.
	Tier2
	// Tier3 meets the rate limit and the quota.
	Tier3
	// Passive is what any tier may see and none provokes.
	Passive
)

// String returns the number of the tier, or "passive".
func (t Tier) String() string {
	if t == Passive {
		return "passive"
	}
	return strconv.Itoa(int(t))
}

// In reports whether a run up to a tier includes t.
func (t Tier) In(highest Tier) bool { return t <= highest || t == Passive && highest >= Tier1 }

// PricePerMinute is the dearest published rate of a task, in USD: video up to
// 1080p and the audio of the room, rounded up, on 2026-11-01.
const PricePerMinute = 0.015

// Probe is one assumption about the service and the calls that test it.
type Probe struct {
	// ID is the number that the mock's comments name.
	ID   int
	Fact string
	Tier Tier
	// Needs is what the probe needs besides its tier.
	Needs []Need
	// Minutes is the upper bound of the task minutes that are billed if the
	// service accepts every Start.
	Minutes int
	// Unmodeled facts concern no code of the mock.
	Unmodeled bool
	Steps     []step
	// Assumed is what the project assumes of both sites, International and China
	// of the cases that only one of them has or in which they differ.
	Assumed, International, China Observation
}

// step makes calls and records what they show.
type step func(context.Context, *session)

// Need is something that not every user has, named by how it is given.
type Need string

// The needs.
const (
	needPermanentKey  Need = "a permanent key"
	needSTS           Need = "TENCENTCLOUD_STS_ENDPOINT, because TENCENTCLOUD_TRTC_ENDPOINT is set"
	needDeniedKey     Need = "TRTC_LIVE_DENIED_SECRET_ID and TRTC_LIVE_DENIED_SECRET_KEY, a key without permission for TRTC"
	needNoPackageApp  Need = "TRTC_LIVE_NO_PACKAGE_SDK_APP_ID and TRTC_LIVE_NO_PACKAGE_SDK_SECRET_KEY"
	needClip          Need = "TRTC_LIVE_CLIP_URL, a file of 60 seconds"
	needListener      Need = "TRTC_LIVE_LISTENER=1 and a person in the room"
	needPrivilegedApp Need = "TRTC_LIVE_PRIVILEGED_SDK_APP_ID and TRTC_LIVE_PRIVILEGED_SDK_SECRET_KEY"
)

// missing returns the first need that is not met, or the empty string.
func (p Probe) missing(ctx context.Context, config Config) string {
	met := map[Need]bool{
		needSTS:           config.STSEndpoint != nil,
		needDeniedKey:     config.Denied != nil,
		needNoPackageApp:  config.NoPackageApp.ID != 0,
		needPrivilegedApp: config.PrivilegedApp.ID != 0,
		needClip:          !config.ClipURL.IsEmpty(),
		needListener:      config.Listen != nil,
	}
	for _, need := range p.Needs {
		if need == needPermanentKey {
			credential, err := config.Credentials.Retrieve(ctx)
			met[need] = err == nil && credential.Token.IsEmpty()
		}
		if !met[need] {
			return string(need)
		}
	}
	return ""
}

// AssumedOn returns what is assumed of a site.
func (p Probe) AssumedOn(china bool) Observation {
	assumed := Observation{}
	maps.Copy(assumed, p.Assumed)
	if china {
		maps.Copy(assumed, p.China)
	} else {
		maps.Copy(assumed, p.International)
	}
	return assumed
}

// Cost is the upper bound of what probes cost, in USD.
func Cost(probes []Probe) float64 {
	minutes := 0
	for _, probe := range probes {
		minutes += probe.Minutes
	}
	return float64(minutes) * PricePerMinute
}

// regionsOf returns the regions of a site.
func regionsOf(china bool) []string {
	if china {
		return []string{"ap-beijing", "ap-chongqing", "ap-guangzhou", "ap-shanghai", "ap-singapore"}
	}
	return []string{"ap-bangkok", "ap-guangzhou", "ap-jakarta", "ap-mumbai", "ap-singapore", "ap-tokyo"}
}

// otherRegion is a region of the site besides the run's, listed for all actions.
func (r *Run) otherRegion() string {
	for _, region := range regionsOf(r.config.China) {
		if region != r.config.Region && region != "ap-guangzhou" {
			return region
		}
	}
	return r.config.Region
}

// The steps below make one call each and record its answer as a case.

// describe, update and stop name a task that never was.
func describe(name string, edits ...edit) step { return existing(name, actionDescribe, edits) }
func update(name string, edits ...edit) step   { return existing(name, actionUpdate, edits) }
func stop(name string, edits ...edit) step     { return existing(name, actionStop, edits) }

func existing(name, action string, edits []edit) step {
	return func(ctx context.Context, s *session) {
		p := parameters{"SdkAppId": foreignApp, "TaskId": madeUpTask}.edited(edits)
		s.seeAnswer(name, s.existing(ctx, action, s.run.config.Region, p))
	}
}

// poisoned sends a Start that must be refused.
func poisoned(name string, edits ...edit) step {
	return func(ctx context.Context, s *session) {
		started, got := s.begin(ctx, s.run.config.Region, s.poisonedStart(edits...))
		s.seeAnswer(name, got)
		s.end(ctx, started)
	}
}

// valid sends a Start with changes, and stops the task if there is one.
func valid(name string, edits ...edit) step {
	return func(ctx context.Context, s *session) {
		started, got := s.begin(ctx, s.run.config.Region, s.validStart(edits...))
		s.seeAnswer(name, got)
		s.end(ctx, started)
	}
}

// raw sends a request that the signing core would not send.
func raw(name string, x exchange) step {
	return func(ctx context.Context, s *session) { s.seeAnswer(name, s.exchange(ctx, x)) }
}

// rawStatus is raw and also records the HTTP status, as the case name_status.
func rawStatus(name string, x exchange) step {
	return func(ctx context.Context, s *session) {
		got := s.exchange(ctx, x)
		s.seeAnswer(name, got)
		s.see(name+"_status", fmt.Sprintf("HTTP %d", got.http))
	}
}

// inRegion describes a made-up task in a region.
func inRegion(name, region string) step {
	return func(ctx context.Context, s *session) {
		s.seeAnswer(name, s.existing(ctx, actionDescribe, region, parameters{"SdkAppId": foreignApp, "TaskId": madeUpTask}))
	}
}

// inEveryRegion describes and stops a made-up task in each region of the site.
func inEveryRegion(ctx context.Context, s *session) {
	p := parameters{"SdkAppId": foreignApp, "TaskId": madeUpTask}
	for _, region := range regionsOf(s.run.config.China) {
		s.seeAnswer("describe "+region, s.existing(ctx, actionDescribe, region, p))
		s.seeAnswer("stop "+region, s.existing(ctx, actionStop, region, p))
	}
}

// encoded sends a body that is valid JSON but not an object.
func encoded(name, action string, body any) step {
	return func(ctx context.Context, s *session) {
		s.seeAnswer(name, s.call(ctx, request{action: action, region: s.run.config.Region, parameters: body}))
	}
}

// assume calls STS for a role that does not exist.
func assume(name, region string, p parameters) step {
	return func(ctx context.Context, s *session) {
		s.seeAnswer(name, s.call(ctx, request{action: "AssumeRole", region: region, parameters: p, sts: true}))
	}
}

// describeDenied describes a made-up task with the key that has no permission.
func describeDenied(name string) step {
	return func(ctx context.Context, s *session) {
		s.seeAnswer(name, s.call(ctx, request{
			action: actionDescribe, region: s.run.config.Region, credential: s.run.config.Denied,
			parameters: parameters{"SdkAppId": foreignApp, "TaskId": madeUpTask},
		}))
	}
}

// Probes returns the table of assumptions, in the order of their IDs.
func Probes() []Probe {
	return slices.SortedFunc(slices.Values(slices.Concat(freeProbes(), taskProbes(), longProbes())),
		func(a, b Probe) int { return a.ID - b.ID })
}
