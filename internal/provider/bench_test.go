package provider_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/protocol"
	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
)

// recorded is a server that keeps what it was last asked, so that it can be
// asked again without what the asking costs.
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

// BenchmarkPlan validates and plans a new task, as often as the CLI does: it
// validates twice.
func BenchmarkPlan(b *testing.B) {
	world := acctest.NewWorld(b)
	server := &recorded{ProviderServer: providerserver.NewProtocol6(provider.New(world.Options)())()}
	connected, err := protocol.Connect(b.Context(), server)
	if err != nil {
		b.Fatal(err)
	}
	if said := connected.Configure(b.Context(), world.ProviderValues(nil)); said.HasErrors() {
		b.Fatal(said)
	}
	config := world.Values(b, protocol.Values{"user_sig": nil, "user_sig_wo": "a ticket"})
	if plan := acctest.SessionOf(b, connected).Plan(b.Context(), config); plan.Action != protocol.Create {
		b.Fatalf("planned action = %s: %s", plan, plan.Diagnostics)
	}
	validate, plan := server.validate, server.plan
	b.ReportAllocs()
	for b.Loop() {
		for range 2 {
			if response, err := server.ValidateResourceConfig(b.Context(), validate); err != nil || len(response.Diagnostics) > 0 {
				b.Fatal(err)
			}
		}
		if response, err := server.PlanResourceChange(b.Context(), plan); err != nil || len(response.Diagnostics) > 0 {
			b.Fatal(err)
		}
	}
}
