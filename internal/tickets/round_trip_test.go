package tickets

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func drawUserSigClaims(r *rapid.T) UserSigClaims {
	return UserSigClaims{
		SdkAppID: rapid.Uint64Range(MinSdkAppID, MaxSdkAppID).Draw(r, "SdkAppID"),
		UserID:   rapid.StringMatching(`[a-zA-Z0-9_-]{1,32}`).Draw(r, "UserID"),
		Lifetime: time.Duration(rapid.Int64Range(60, 15552000).Draw(r, "Lifetime")) * time.Second,
	}
}

func drawRoom(r *rapid.T) Room {
	if rapid.Bool().Draw(r, "integer room") {
		return must(IntRoom(rapid.Uint32Min(1).Draw(r, "number")))(r)
	}
	name := rapid.StringMatching(`[a-zA-Z0-9 !#$%&()+\-:;<=.>?@\[\]^_{}|~,]{1,64}`).Draw(r, "name")
	return must(StringRoom(name))(r)
}

func drawKey(r *rapid.T, label string) (Key, string) {
	text := rapid.StringMatching(`[0-9a-f]{64}`).Draw(r, label)
	return must(NewKey(text))(r), text
}

func drawNow(r *rapid.T) time.Time {
	return time.Unix(rapid.Int64Range(1, 1<<32-1-15552000).Draw(r, "now"), 0).UTC()
}

func TestUserSigRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		key, text := drawKey(r, "key")
		other, otherText := drawKey(r, "other")
		now, claims := drawNow(r), drawUserSigClaims(r)
		token := must(MintUserSig(key, now, claims))(r)
		got := must(VerifyUserSig(key, now, token))(r)
		want := Ticket{
			Kind: KindUserSig, Version: Version, SdkAppID: claims.SdkAppID, UserID: claims.UserID,
			IssuedAt: now, Lifetime: claims.Lifetime, ExpiresAt: now.Add(claims.Lifetime),
		}
		if got != want {
			r.Fatalf("got %+v, want %+v", got, want)
		}
		if _, err := Verify(other, now, token); text != otherText && err == nil {
			r.Fatal("another key verifies the ticket")
		}
	})
}

func TestPrivateMapKeyRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		key, _ := drawKey(r, "key")
		now, user := drawNow(r), drawUserSigClaims(r)
		claims := PrivateMapKeyClaims{
			SdkAppID: user.SdkAppID, UserID: user.UserID, Lifetime: user.Lifetime, Room: drawRoom(r),
			Privileges: Privileges(rapid.Uint32Range(1, 255).Draw(r, "Privileges")),
		}
		token := must(MintPrivateMapKey(key, now, claims))(r)
		got := must(VerifyPrivateMapKey(key, now, token))(r)
		want := Ticket{
			Kind: KindPrivateMapKey, Version: Version, SdkAppID: claims.SdkAppID, UserID: claims.UserID,
			IssuedAt: now, Lifetime: claims.Lifetime, ExpiresAt: now.Add(claims.Lifetime),
			UserBuf: &UserBuf{
				SdkAppID: claims.SdkAppID, UserID: claims.UserID, Room: claims.Room,
				ExpiresAt: now.Add(claims.Lifetime), Privileges: claims.Privileges,
			},
		}
		if !reflect.DeepEqual(got, want) {
			r.Fatalf("got %+v with %+v, want %+v", got, got.UserBuf, want)
		}
	})
}

func TestRoomRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		room := drawRoom(r)
		if got := must(ParseRoom(room.IDType(), room.ID()))(r); got != room {
			r.Fatalf("%v is read as %v", room, got)
		}
	})
}
