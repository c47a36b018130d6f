package tickets

import (
	"bytes"
	"testing"
)

func FuzzParse(f *testing.F) {
	for _, v := range loadVectors(f) {
		f.Add(v.Token)
		f.Add(v.mint(f))
	}
	f.Fuzz(func(t *testing.T, token string) {
		ticket, err := Parse(token)
		if err != nil {
			return
		}
		checkSound(t, ticket)
		if _, err := Verify(keyOf(t, "f"), noon(), token); err == nil {
			t.Error("a key that signed nothing verifies the ticket")
		}
	})
}

// FuzzDocument skips the compression, whose checksum keeps a fuzzer out.
func FuzzDocument(f *testing.F) {
	for _, v := range loadVectors(f) {
		f.Add(must(decodeToken(v.Token))(f))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		p, err := decodePayload(document)
		if err != nil {
			return
		}
		if ticket, err := newTicket(p); err == nil {
			checkSound(t, ticket)
		}
	})
}

func FuzzUserBuf(f *testing.F) {
	f.Add(unhex(f, packedIntRoom))
	f.Add(unhex(f, packedStringRoom))
	f.Fuzz(func(t *testing.T, packed []byte) {
		fields, err := decodeUserBuf(packed)
		if err != nil {
			return
		}
		if again := encodeUserBuf(fields); !bytes.Equal(again, packed) {
			t.Errorf("%x is read, but packs to %x", packed, again)
		}
	})
}

// checkSound fails when a ticket that was accepted breaks a promise.
func checkSound(t *testing.T, ticket Ticket) {
	t.Helper()
	if err := ValidateUserID(ticket.UserID); err != nil {
		t.Error(err)
	}
	if err := ValidateSdkAppID(ticket.SdkAppID); err != nil {
		t.Error(err)
	}
	if ticket.Version != Version || ticket.Lifetime <= 0 || ticket.ExpiresAt.After(ticket.IssuedAt.Add(ticket.Lifetime)) {
		t.Errorf("ticket is %+v", ticket)
	}
	if (ticket.Kind == KindPrivateMapKey) != (ticket.UserBuf != nil) {
		t.Errorf("a %s with userbuf %v", ticket.Kind, ticket.UserBuf)
	}
	if ticket.UserBuf == nil {
		return
	}
	if _, err := ParseRoom(ticket.UserBuf.Room.IDType(), ticket.UserBuf.Room.ID()); err != nil {
		t.Error(err)
	}
}
