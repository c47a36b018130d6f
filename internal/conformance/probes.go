package conformance

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Tier says how a fact is checked. Tier 1 includes tier 0.
type Tier int

// The tiers.
const (
	// Tier0 starts nothing on purpose and is free.
	Tier0 Tier = iota
	// Tier1 runs one short task at a time.
	Tier1
	// ByHand needs several tasks, a long time, load, another account or a person in
	// the room. No program checks it.
	ByHand
)

// String returns the name of the tier.
func (t Tier) String() string {
	if t == ByHand {
		return "by hand"
	}
	return "tier " + strconv.Itoa(int(t))
}

// PricePerMinute is the dearest published rate of a task, in USD: video up to
// 1080p and the audio of the room, rounded up, on 2026-11-01.
const PricePerMinute = 0.015

// Probe is one assumption about the service and the way to check it.
type Probe struct {
	// ID is the number that the mock's comments name.
	ID   int
	Fact string
	Tier Tier
	// Instruction says how to check a fact of the tier ByHand.
	Instruction string
	// Needs is what a probe needs besides its tier, if not everybody has it. Without
	// it the steps record nothing.
	Needs string
	// Minutes is the upper bound of the task minutes that are billed if the
	// service accepts every Start.
	Minutes int
	// Unmodeled facts concern no code of the mock.
	Unmodeled bool
	Steps     []step
	// Assumed is what the project assumes of both sites, International and China
	// of the cases that only one of them has or in which they differ.
	Assumed, International, China Observation
	// KnownDifferences are the cases in which the mock deliberately differs from
	// what was observed, each with the reason.
	KnownDifferences map[string]string
}

// step makes calls and records what they show.
type step func(context.Context, *session)

// Probes returns the table of assumptions, in the order of their IDs.
func Probes() []Probe {
	return slices.SortedFunc(slices.Values(slices.Concat(freeProbes(), taskProbes(), manualProbes())),
		func(a, b Probe) int { return a.ID - b.ID })
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

// Cost returns the upper bound of what probes cost, in USD.
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

// otherRegion returns a region of the site besides the run's that the reference
// lists for all actions.
func (r *Run) otherRegion() string {
	for _, region := range regionsOf(r.config.China) {
		if region != r.config.Region && region != "ap-guangzhou" {
			return region
		}
	}
	return r.config.Region
}

// The steps below make one call each and record its answer as a case.

// describe, update and stop name a task that does not exist.
func describe(name string, edits ...edit) step { return existing(name, actionDescribe, edits) }
func update(name string, edits ...edit) step   { return existing(name, actionUpdate, edits) }
func stop(name string, edits ...edit) step     { return existing(name, actionStop, edits) }

func existing(name, action string, edits []edit) step {
	return func(ctx context.Context, s *session) {
		s.recordAnswer(name, s.existing(ctx, action, s.run.config.Region, nonexistent().edited(edits)))
	}
}

// nonexistent returns the parameters that name a task that does not exist.
func nonexistent() parameters {
	return parameters{"SdkAppId": foreignApp, "TaskId": nonexistentTask}
}

// rejectedStart sends a Start that must be rejected.
func rejectedStart(name string, edits ...edit) step {
	return start(name, func(s *session) parameters { return s.rejectedStart(edits...) })
}

// valid sends a Start with changes.
func valid(name string, edits ...edit) step {
	return start(name, func(s *session) parameters { return s.validStart(edits...) })
}

// start sends a Start, and stops the task if there is one.
func start(name string, parametersOf func(*session) parameters) step {
	return func(ctx context.Context, s *session) {
		started, got := s.begin(ctx, parametersOf(s))
		s.recordAnswer(name, got)
		s.end(ctx, started)
	}
}

// raw sends a request that the signing core would not send.
func raw(name string, changes ...func(*exchange)) step {
	return func(ctx context.Context, s *session) { s.recordAnswer(name, s.exchange(ctx, changes)) }
}

// rawStatus sends an unsigned request and records the HTTP status too, as the
// case name_status.
func rawStatus(name string, change func(*exchange)) step {
	return func(ctx context.Context, s *session) {
		got := s.exchange(ctx, []func(*exchange){unsigned, change})
		s.recordAnswer(name, got)
		s.record(name+"_status", fmt.Sprintf("HTTP %d", got.http))
	}
}

// inRegion describes a task that does not exist in a region.
func inRegion(name, region string) step {
	return func(ctx context.Context, s *session) {
		s.recordAnswer(name, s.existing(ctx, actionDescribe, region, nonexistent()))
	}
}

// inEveryRegion describes and stops a task that does not exist in each region of
// the site.
func inEveryRegion(ctx context.Context, s *session) {
	for _, region := range regionsOf(s.run.config.China) {
		s.recordAnswer("describe "+region, s.existing(ctx, actionDescribe, region, nonexistent()))
		s.recordAnswer("stop "+region, s.existing(ctx, actionStop, region, nonexistent()))
	}
}

// encoded sends a body that is valid JSON but not an object.
func encoded(name, action string, body any) step {
	return func(ctx context.Context, s *session) {
		s.recordAnswer(name, s.call(ctx, request{action: action, region: s.run.config.Region, parameters: body}))
	}
}

// assume calls STS for a role that does not exist.
func assume(name, region, arn string) step {
	return func(ctx context.Context, s *session) {
		if s.run.config.STSEndpoint == nil {
			return
		}
		role := parameters{"RoleArn": arn, "RoleSessionName": "tf-live", "DurationSeconds": 900}
		s.recordAnswer(name, s.call(ctx, request{action: "AssumeRole", region: region, parameters: role, sts: true}))
	}
}

// ifPermanentKey runs a step if the key that signs has no token.
func ifPermanentKey(then step) step {
	return func(ctx context.Context, s *session) {
		if credential, err := s.run.config.Credentials.Retrieve(ctx); err == nil && credential.Token.IsEmpty() {
			then(ctx, s)
		}
	}
}

// ifChina runs a step on the China site only.
func ifChina(then step) step {
	return func(ctx context.Context, s *session) {
		if s.run.config.China {
			then(ctx, s)
		}
	}
}
