package acctest

import (
	"strconv"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// ticketLifetime is the lifetime of the World's tickets in seconds.
const ticketLifetime = 7 * 24 * 60 * 60

// UserSig returns a UserSig for a user of the application, valid for a week.
func (w *World) UserSig(t testing.TB, userID string) string {
	t.Helper()
	return minted(t, func(key tickets.Key) (string, error) {
		return tickets.MintUserSig(key, w.Clock.Now(), tickets.UserSigClaims{
			SdkAppID: SdkAppID, UserID: userID, Lifetime: ticketLifetime,
		})
	})
}

// PrivateMapKey returns a PrivateMapKey for an integer room, valid for a week.
func (w *World) PrivateMapKey(t testing.TB, userID string, roomID uint32) string {
	t.Helper()
	room, err := tickets.ParseRoom(tickets.RoomIDTypeInt, strconv.FormatUint(uint64(roomID), 10))
	if err != nil {
		t.Fatal(err)
	}
	return minted(t, func(key tickets.Key) (string, error) {
		return tickets.MintPrivateMapKey(key, w.Clock.Now(), tickets.PrivateMapKeyClaims{
			UserSigClaims: tickets.UserSigClaims{SdkAppID: SdkAppID, UserID: userID, Lifetime: ticketLifetime},
			Room:          room,
			Privileges:    tickets.AllPrivileges,
		})
	})
}

func minted(t testing.TB, mint func(tickets.Key) (string, error)) string {
	t.Helper()
	key, err := tickets.NewKey(SdkSecretKey)
	if err != nil {
		t.Fatal(err)
	}
	ticket, err := mint(key)
	if err != nil {
		t.Fatal(err)
	}
	return ticket
}
