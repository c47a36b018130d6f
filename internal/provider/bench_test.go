package provider_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/tfserver"
)

// recorded is a server that stores the last requests, so that a benchmark can
// repeat them without the cost of building them.
type recorded struct {
	tfprotov6.ProviderServer

	validate *tfprotov6.ValidateResourceConfigRequest
	plan     *tfprotov6.PlanResourceChangeRequest
}

func (r *recorded) ValidateResourceConfig(ctx context.Context, request *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	r.validate = request
	return r.ProviderServer.ValidateResourceConfig(ctx, request)
}

func (r *recorded) PlanResourceChange(ctx context.Context, request *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	r.plan = request
	return r.ProviderServer.PlanResourceChange(ctx, request)
}

// benchPlan returns a function that validates and plans a new task like the
// CLI, which validates twice.
func benchPlan(tb testing.TB) func() {
	tb.Helper()
	world := acctest.NewWorld(tb)
	server := &recorded{ProviderServer: tfserver.New(provider.New(world.Options)())}
	connected, err := tfcore.Connect(tb.Context(), server)
	if err != nil {
		tb.Fatal(err)
	}
	if diags := connected.Configure(tb.Context(), world.ProviderValues(nil)); diags.HasErrors() {
		tb.Fatal(diags)
	}
	config := world.Values(tb, tfcore.Values{"user_sig": nil, "user_sig_wo": "a ticket"})
	if plan := acctest.SessionOf(tb, connected).Plan(tb.Context(), config); plan.Action != tfcore.Create {
		tb.Fatalf("planned action = %s: %s", plan, plan.Diagnostics)
	}
	validate, plan := server.validate, server.plan
	return func() {
		for range 2 {
			if response, err := server.ValidateResourceConfig(tb.Context(), validate); err != nil || len(response.Diagnostics) > 0 {
				tb.Fatal(err)
			}
		}
		// Each repetition counts as another resource with the same stream: a warning.
		if response, err := server.PlanResourceChange(tb.Context(), plan); err != nil || len(response.Diagnostics) > 1 {
			tb.Fatal(err)
		}
	}
}

// BenchmarkPlan measures the plan of one new task.
func BenchmarkPlan(b *testing.B) {
	plan := benchPlan(b)
	b.ReportAllocs()
	for b.Loop() {
		plan()
	}
}
