package tickets

import (
	"errors"
	"math"
	"testing"
	"time"
)

// Users read these; what a program needs is in the fields.
func TestErrorsReadWell(t *testing.T) {
	t.Parallel()
	_, short := NewKey("abc")
	_, odd := NewKey(string(make([]byte, KeyLength)))
	_, late := newValidity(time.Unix(math.MaxUint32, 0), time.Hour)
	_, unknown := ParsePrivileges([]string{"fly"})
	const form = "the SDKSecretKey must be 64 lower-case hexadecimal digits, as the console shows it; "
	for want, err := range map[string]error{
		form + "this one is 3 bytes long":        short,
		form + "this one holds other characters": odd,
		"the ticket expired at 2026-03-01T12:00:00Z": &ExpiredError{
			ExpiredAt: noon().In(time.FixedZone("east", 8*3600)),
		},
		"the ticket is a PrivateMapKey where a UserSig is needed": &KindError{Want: KindUserSig, Got: KindPrivateMapKey},
		"a ticket must be issued after 1970-01-01T00:00:00Z and expire by 2106-02-07T06:28:15Z; " +
			"this one would be valid from 2106-02-07T06:28:15Z to 2106-02-07T07:28:15Z": late,
		`there is no privilege "fly"; the privileges are create_room, enter_room, send_audio, receive_audio, ` +
			"send_video, receive_video, send_screen, receive_screen": unknown,
		"the ticket is malformed: it is empty": &MalformedError{Part: PartEmpty},
	} {
		if err == nil || err.Error() != want {
			t.Errorf("error reads\n     %v\nwant %s", err, want)
		}
	}
	if _, err := Parse(""); errors.Unwrap(err) != nil {
		t.Errorf("%v wraps %v", err, errors.Unwrap(err))
	}
}
