package provider

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// startTickets mints the tickets of tasks that the provider starts, with the
// application key of the provider block or the environment. It is safe for
// concurrent use.
type startTickets struct {
	now func() time.Time
	// key is zero when no key is set, and while it is unknown.
	key     tickets.Key
	unknown bool
	// invalid is the diagnostic of a malformed key, or nil.
	invalid diag.Diagnostic
	// application is sdk_app_id of the provider block, which the key belongs
	// to: null when it is not set, unknown while its value is.
	application types.Int64

	mu sync.Mutex
	// signedFor is the first application that tickets were needed for, or 0.
	signedFor int64
}

// newStartTickets returns the startTickets of a provider configuration. A
// malformed key is reported where it is needed: the variable may be set for
// something else. The schema validates the argument.
func (m ticketMinter) newStartTickets(config providerModel) *startTickets {
	s := &startTickets{now: m.now, unknown: config.SdkSecretKey.IsUnknown(), application: config.SdkAppID}
	if s.unknown {
		return s
	}
	text, source := m.keyText(config.SdkSecretKey)
	key, err := tickets.NewKey(text)
	if err != nil && !errors.Is(err, tickets.ErrEmptyKey) {
		s.invalid = diag.NewErrorDiagnostic("Invalid application key", "In "+source+" "+err.Error()+".")
	}
	s.key = key
	return s
}

// available reports whether tickets can be minted, or possibly can once the key
// is known.
func (s *startTickets) available() bool { return s.unknown || !s.key.IsEmpty() }

// authorize reports an error when the key must not sign for the application:
// because it belongs to another one or, when that is not known, because it
// already signs for another one. The variable TRTC_SDK_SECRET_KEY reaches every
// provider configuration, so it could sign for the wrong application unnoticed.
func (s *startTickets) authorize(application types.Int64, diags *diag.Diagnostics) {
	if application.IsUnknown() || s.application.IsUnknown() {
		return
	}
	id := application.ValueInt64()
	if !s.application.IsNull() {
		if own := s.application.ValueInt64(); own != id {
			diags.AddAttributeError(path.Root("sdk_app_id"), "The application key belongs to another application",
				fmt.Sprintf("The task belongs to application %d, but the provider signs tickets for application %d only (sdk_app_id in the provider block). "+
					"Use a provider configuration with the key of application %d (a provider alias), or set user_sig_wo.", id, own, id))
		}
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.signedFor == 0 {
		s.signedFor = id
	}
	if s.signedFor != id {
		diags.AddAttributeError(path.Root("sdk_app_id"), "One application key for two applications",
			fmt.Sprintf("This provider configuration has one application key and would sign tickets for the applications %d and %d. A key belongs to one application. "+
				"Use a provider configuration with sdk_app_id and sdk_secret_key for each application (provider aliases), or set user_sig_wo.", s.signedFor, id))
	}
}

// needsKey reports an error unless the tickets that a task needs are given or
// can be minted.
func (s *startTickets) needsKey(application types.Int64, mintPrivateMapKey types.Bool, userSig secretArgument, diags *diag.Diagnostics) {
	mint := !userSig.given || mintPrivateMapKey.ValueBool()
	switch {
	case mint && s.invalid != nil:
		diags.Append(s.invalid)
	case mint && s.available():
		s.authorize(application, diags)
	case !userSig.given:
		diags.AddAttributeError(userSig.attribute, "A ticket is required to start the task",
			"This plan starts a task, and the robot logs in to the room with a UserSig. There are two ways to provide it:\n\n"+
				"- Set the environment variable "+sdkSecretKeyVariable+" (or sdk_secret_key in the provider block) to the SDKSecretKey of the application, as the TRTC console shows it. "+
				"The provider then computes the ticket.\n"+
				"- Set user_sig_wo (Terraform 1.11 or OpenTofu 1.11 and later) or user_sig to a ticket from somebody who holds the key.")
	case mint:
		diags.AddAttributeError(path.Root("mint_private_map_key"), "An application key is required",
			"mint_private_map_key computes a PrivateMapKey with the SDKSecretKey of the application, and none is set. "+
				"Set the environment variable "+sdkSecretKeyVariable+" or sdk_secret_key in the provider block, or set private_map_key_wo instead.")
	}
}

// mint adds the tickets that the configuration does not give. They are valid
// for the longest run that max_duration allows, after waiting as long as
// Create may wait.
func (s *startTickets) mint(plan streamIngestModel, wait time.Duration, secrets *startSecrets, diags *diag.Diagnostics) {
	s.needsKey(plan.SdkAppID, plan.MintPrivateMapKey, secrets.userSig, diags)
	if diags.HasError() {
		return
	}
	user := tickets.UserSigClaims{SdkAppID: plan.task().SdkAppID, UserID: plan.UserID.ValueString(), Lifetime: defaultTicketLifetime + wait}
	now := s.now()
	if !secrets.userSig.given {
		ticket, err := tickets.MintUserSig(s.key, now, user)
		reportClaims(err, diags)
		secrets.userSig = secretArgument{Text: secret.New(ticket), minted: true}
	}
	if plan.MintPrivateMapKey.ValueBool() {
		room, invalid := tickets.ParseRoom(plan.RoomIDType.ValueInt64(), plan.RoomID.ValueString())
		ticket, err := tickets.MintPrivateMapKey(s.key, now, tickets.PrivateMapKeyClaims{
			SdkAppID: user.SdkAppID, UserID: user.UserID, Lifetime: user.Lifetime, Room: room, Privileges: tickets.AllPrivileges,
		})
		reportClaims(errors.Join(invalid, err), diags)
		secrets.privateMapKey = secretArgument{Text: secret.New(ticket), minted: true}
	}
}
