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
// bucket.
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
