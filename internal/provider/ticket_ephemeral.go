package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// ticketEphemeral is what the ephemeral resources of both kinds of tickets have
// in common.
type ticketEphemeral struct{ minter ticketMinter }

// Configure takes clock and environment from the provider.
func (e *ticketEphemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	if conn := providerDataFrom(req.ProviderData, &resp.Diagnostics); conn != nil {
		e.minter = conn.minter
	}
}

// ticketModel is what configuration and result of both kinds of tickets have in
// common.
//
//nolint:recvcheck // A model is a value; only the setter changes one.
type ticketModel struct {
	SdkAppID     types.Int64  `tfsdk:"sdk_app_id"`
	UserID       types.String `tfsdk:"user_id"`
	ExpiresIn    types.Int64  `tfsdk:"expires_in"`
	SdkSecretKey types.String `tfsdk:"sdk_secret_key"`
	ExpiresAt    types.String `tfsdk:"expires_at"`
}

// secrets are the values that no log may show.
func (m ticketModel) secrets() []secret.Text {
	return []secret.Text{secret.New(m.SdkSecretKey.ValueString())}
}

// userClaims is what a ticket of either kind says of its user.
func (m ticketModel) userClaims() tickets.UserSigClaims {
	return tickets.UserSigClaims{
		SdkAppID: uint64(m.SdkAppID.ValueInt64()), //nolint:gosec // Validated with the claims.
		UserID:   m.UserID.ValueString(),
		Lifetime: m.lifetime(),
	}
}

// lifetime returns the lifetime that expires_in asks for, or zero, which no
// ticket may have, when it is out of range.
func (m ticketModel) lifetime() time.Duration {
	if m.ExpiresIn.IsNull() {
		return defaultTicketLifetime
	}
	valid, _ := tickets.LifetimeFromSeconds(m.ExpiresIn.ValueInt64())
	return valid
}

// setExpiry records the lifetime of a ticket that was minted just now.
func (m *ticketModel) setExpiry(now time.Time) {
	lifetime := m.lifetime()
	m.ExpiresIn = types.Int64Value(int64(lifetime.Seconds()))
	m.ExpiresAt = types.StringValue(now.Add(lifetime).UTC().Truncate(time.Second).Format(time.RFC3339))
}
