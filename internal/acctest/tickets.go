package acctest

import (
	"strconv"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// ticketLifetime is that of the World's tickets.
const ticketLifetime = 7 * 24 * time.Hour

// UserSig mints a login ticket for a user of the application, good for a week
// from the time the clock shows.
func (w *World) UserSig(t testing.TB, userID string) string {
	t.Helper()
	return minted(t, func(key tickets.Key) (string, error) {
		return tickets.MintUserSig(key, w.Clock.Now(), tickets.UserSigClaims{
			SdkAppID: SdkAppID, UserID: userID, Lifetime: ticketLifetime,
		})
	})
}

// PrivateMapKey mints a ticket for an integer room, good for as long as
// UserSig's.
func (w *World) PrivateMapKey(t testing.TB, userID string, roomID uint32) string {
	t.Helper()
	room, err := tickets.ParseRoom(tickets.RoomIDTypeInt, strconv.FormatUint(uint64(roomID), 10))
	if err != nil {
		t.Fatal(err)
	}
	return minted(t, func(key tickets.Key) (string, error) {
		return tickets.MintPrivateMapKey(key, w.Clock.Now(), tickets.PrivateMapKeyClaims{
			SdkAppID: SdkAppID, UserID: userID, Lifetime: ticketLifetime, Room: room, Privileges: tickets.AllPrivileges,
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
