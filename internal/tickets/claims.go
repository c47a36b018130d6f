package tickets

import (
	"errors"
	"time"
)

// UserSigClaims is what a UserSig says.
type UserSigClaims struct {
	// SdkAppID is the application, see ValidateSdkAppID.
	SdkAppID uint64
	// UserID is the user who may log in, see ValidateUserID.
	UserID string
	// Lifetime is how long the ticket holds, see ValidateLifetime.
	Lifetime time.Duration
}

// Validate returns every broken rule, each a *RuleError, joined; nil when
// there is none.
func (c UserSigClaims) Validate() error {
	return errors.Join(ValidateSdkAppID(c.SdkAppID), ValidateUserID(c.UserID), ValidateLifetime(c.Lifetime))
}

// PrivateMapKeyClaims is what a PrivateMapKey says.
type PrivateMapKeyClaims struct {
	// SdkAppID is the application, see ValidateSdkAppID.
	SdkAppID uint64
	// UserID is the user who may enter the room, see ValidateUserID.
	UserID string
	// Lifetime is how long the ticket holds, see ValidateLifetime.
	Lifetime time.Duration
	// Room is the room; the zero Room is refused.
	Room Room
	// Privileges is what the user may do there, see ValidatePrivileges.
	Privileges Privileges
}

// Validate returns every broken rule, each a *RuleError, joined; nil when
// there is none.
func (c PrivateMapKeyClaims) Validate() error {
	user := UserSigClaims{SdkAppID: c.SdkAppID, UserID: c.UserID, Lifetime: c.Lifetime}
	return errors.Join(user.Validate(), validateRoom(c.Room), ValidatePrivileges(c.Privileges))
}

func validateRoom(room Room) error {
	if room.IsZero() {
		return &RuleError{Field: FieldRoomID, Rule: "must be given"}
	}
	return nil
}
