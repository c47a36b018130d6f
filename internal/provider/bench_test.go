package provider_test

import (
	"strconv"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// benchStreams returns a function that returns one new resource after the other,
// each in a room of its own, with its configuration. They share a provider.
func benchStreams(b *testing.B) func() (*tfcore.Session, tfcore.Values) {
	b.Helper()
	world := acctest.NewWorld(b)
	first := world.Provider(b, tfcore.Values{"sdk_secret_key": acctest.SdkSecretKey}).Session(acctest.ResourceType)
	room := 0
	return func() (*tfcore.Session, tfcore.Values) {
		room++
		config := world.Values(b, tfcore.Values{"user_sig": nil, "room_id": strconv.Itoa(room), "user_id": "robot-" + strconv.Itoa(room)})
		return first.Sibling(), config
	}
}

// BenchmarkPlan measures the plan of one new resource of many.
func BenchmarkPlan(b *testing.B) {
	next := benchStreams(b)
	b.ReportAllocs()
	for b.Loop() {
		session, config := next()
		if plan := session.Plan(b.Context(), config); plan.Action != tfcore.Create {
			b.Fatal(plan.Diagnostics)
		}
	}
}

// BenchmarkApply measures plan and create of one resource of many, with the
// start journal and the mock.
func BenchmarkApply(b *testing.B) {
	next := benchStreams(b)
	b.ReportAllocs()
	for b.Loop() {
		session, config := next()
		acctest.ExpectApply(b, session, config, tfcore.Create)
	}
}

// BenchmarkRefresh measures the refresh of one running resource.
func BenchmarkRefresh(b *testing.B) {
	session, config := benchStreams(b)()
	acctest.ExpectApply(b, session, config, tfcore.Create)
	b.ReportAllocs()
	for b.Loop() {
		if diags := session.Refresh(b.Context()); diags.HasErrors() {
			b.Fatal(diags)
		}
	}
}
