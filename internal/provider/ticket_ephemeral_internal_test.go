package provider

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// TestExpiry checks that expires_at is in UTC and whole seconds in every time
// zone.
func TestExpiry(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("east", 8*3600)
	now := time.Date(2026, 3, 1, 20, 0, 0, 999_999_999, east)
	minting := ticketEphemeral{provider: &providerData{
		clock: clocktest.New(now), client: trtcclient.New(trtcclient.Config{}), lookupEnv: func(string) (string, bool) { return "", false },
	}}
	ticket := ticketModel{ExpiresIn: types.Int64Value(3600)}
	var diags diag.Diagnostics
	minting.mint(&ticket, tickets.MintUserSig, &diags)
	if got, want := ticket.ExpiresAt.ValueString(), "2026-03-01T13:00:00Z"; got != want {
		t.Errorf("expires at %s, want %s", got, want)
	}
}
