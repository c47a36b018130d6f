package conformance

import (
	"context"
	"math"
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

// pricePerMinute is the dearest published rate of a task, in USD: video up to
// 1080p and the audio of the room, rounded up, on 2026-11-01.
const pricePerMinute = 0.015

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
	Cases     []Case
	// KnownDifferences are the cases in which the mock deliberately differs from
	// what was observed, each with the reason.
	KnownDifferences map[string]string
}

// Case is one question of a probe.
type Case struct {
	Name string
	// International and China are what is assumed of the sites. A site without an
	// assumption does not have the case.
	International, China string
	// step is nil in a case that is checked by hand.
	step step
}

// step makes calls and returns what they show: an error code, a status or a
// bucket, or nothing if the probe needs something that is missing.
type step func(context.Context, *session) string

// expect returns a case with the same assumption of both sites.
func expect(name, assumed string, step step) Case { return Case{name, assumed, assumed, step} }

// Probes returns the table of assumptions, in the order of their IDs.
func Probes() []Probe {
	return slices.SortedFunc(slices.Values(slices.Concat(freeProbes(), taskProbes(), manualProbes())),
		func(a, b Probe) int { return a.ID - b.ID })
}

// AssumedOn returns what is assumed of a site.
func (p Probe) AssumedOn(china bool) Observation {
	assumed := Observation{}
	for _, c := range p.Cases {
		if value := c.on(china); value != "" {
			assumed[c.Name] = value
		}
	}
	return assumed
}

func (c Case) on(china bool) string {
	if china {
		return c.China
	}
	return c.International
}

// Cost returns what task minutes cost at most, in USD, rounded up to cents.
func Cost(minutes int) float64 {
	return math.Ceil(math.Round(float64(minutes)*pricePerMinute*1000)/10) / 100
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

// describe, update and stop name a task that does not exist.
func describe(edits ...edit) step { return existing(actionDescribe, edits) }
func update(edits ...edit) step   { return existing(actionUpdate, edits) }
func stop(edits ...edit) step     { return existing(actionStop, edits) }

func existing(action string, edits []edit) step {
	return func(ctx context.Context, s *session) string {
		return s.value(s.existing(ctx, action, s.run.config.Region, nonexistent().edited(edits)))
	}
}

// inRegion names a task that does not exist in a region.
func inRegion(action, region string) step {
	return func(ctx context.Context, s *session) string {
		return s.value(s.existing(ctx, action, region, nonexistent()))
	}
}

// nonexistent returns the parameters that name a task that does not exist.
func nonexistent() parameters {
	return parameters{"SdkAppId": foreignApp, "TaskId": nonexistentTask}
}

// rejectedStart sends a Start that must be rejected.
func rejectedStart(edits ...edit) step {
	return start(func(s *session) parameters { return s.rejectedStart(edits...) })
}

// valid sends a Start with changes.
func valid(edits ...edit) step {
	return start(func(s *session) parameters { return s.validStart(edits...) })
}

// start sends a Start, and stops the task if there is one.
func start(parametersOf func(*session) parameters) step {
	return func(ctx context.Context, s *session) string {
		started, got := s.begin(ctx, parametersOf(s))
		s.end(ctx, started)
		return s.value(got)
	}
}

// raw sends a request that the signing core would not send.
func raw(changes ...func(*exchange)) step {
	return func(ctx context.Context, s *session) string { return s.value(s.exchange(ctx, changes)) }
}

// malformed sends an unsigned request and returns two cases: the error code and
// the HTTP status.
func malformed(name, assumed string, change func(*exchange)) []Case {
	return []Case{
		expect(name, assumed, raw(unsigned, change)),
		expect(name+"_status", "HTTP 200", func(_ context.Context, s *session) string { return s.httpStatus }),
	}
}

// encoded sends a body that is valid JSON but not an object.
func encoded(action string, body any) step {
	return func(ctx context.Context, s *session) string {
		return s.value(s.call(ctx, request{action: action, region: s.run.config.Region, parameters: body}))
	}
}

// assume calls STS for a role that does not exist.
func assume(region, arn string) step {
	return func(ctx context.Context, s *session) string {
		if s.run.config.STSEndpoint == nil {
			return ""
		}
		role := parameters{"RoleArn": arn, "RoleSessionName": "tf-live", "DurationSeconds": 900}
		return s.value(s.call(ctx, request{action: "AssumeRole", region: region, parameters: role, sts: true}))
	}
}

// ifPermanentKey runs a step if the key that signs has no token.
func ifPermanentKey(then step) step {
	return func(ctx context.Context, s *session) string {
		if credential, err := s.run.config.Credentials.Retrieve(ctx); err != nil || !credential.Token.IsEmpty() {
			return ""
		}
		return then(ctx, s)
	}
}
