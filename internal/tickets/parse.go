package tickets

import "time"

// Parse reads a ticket of either kind without a key: anybody can have made it,
// and it may have expired. Errors: *MalformedError, ErrVersion.
func Parse(token string) (Ticket, error) {
	_, ticket, err := read(token)
	return ticket, err
}

// ParseUserSig is Parse for a UserSig; a PrivateMapKey gives a *KindError.
func ParseUserSig(token string) (Ticket, error) {
	ticket, err := Parse(token)
	return only(KindUserSig, ticket, err)
}

// ParsePrivateMapKey is Parse for a PrivateMapKey; a UserSig gives a
// *KindError.
func ParsePrivateMapKey(token string) (Ticket, error) {
	ticket, err := Parse(token)
	return only(KindPrivateMapKey, ticket, err)
}

// Verify reads a ticket of either kind, and checks that key signed it and that
// it holds at now. An issue time after now is no error: clocks differ. Errors:
// *MalformedError, ErrVersion, ErrEmptyKey, ErrSignature and, for a genuine
// ticket, *ExpiredError.
func Verify(key Key, now time.Time, token string) (Ticket, error) {
	p, ticket, err := read(token)
	if err != nil {
		return Ticket{}, err
	}
	if err := p.checkSignature(key); err != nil {
		return Ticket{}, err
	}
	if ticket.IsExpired(now) {
		return Ticket{}, &ExpiredError{ExpiredAt: ticket.ExpiresAt}
	}
	return ticket, nil
}

// VerifyUserSig is Verify for a UserSig; a PrivateMapKey gives a *KindError.
func VerifyUserSig(key Key, now time.Time, token string) (Ticket, error) {
	ticket, err := Verify(key, now, token)
	return only(KindUserSig, ticket, err)
}

// VerifyPrivateMapKey is Verify for a PrivateMapKey; a UserSig gives a
// *KindError.
func VerifyPrivateMapKey(key Key, now time.Time, token string) (Ticket, error) {
	ticket, err := Verify(key, now, token)
	return only(KindPrivateMapKey, ticket, err)
}

func read(token string) (payload, Ticket, error) {
	document, err := decodeToken(token)
	if err != nil {
		return payload{}, Ticket{}, err
	}
	p, err := decodePayload(document)
	if err != nil {
		return payload{}, Ticket{}, err
	}
	ticket, err := newTicket(p)
	return p, ticket, err
}

func only(want Kind, ticket Ticket, err error) (Ticket, error) {
	if err != nil {
		return Ticket{}, err
	}
	if ticket.Kind != want {
		return Ticket{}, &KindError{Want: want, Got: ticket.Kind}
	}
	return ticket, nil
}
