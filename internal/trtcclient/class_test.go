package trtcclient_test

import (
	"context"
	"errors"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

func TestClassOfExchanges(t *testing.T) {
	t.Parallel()
	type failed = cloudapi.ExchangeError
	const ambiguous, notSent = cloudapi.Ambiguous, cloudapi.NotSent
	for name, c := range map[string]struct {
		err  error
		want trtcclient.Class
	}{
		"none":                      {err: nil, want: trtcclient.Final},
		"of another make":           {err: errors.New("x"), want: trtcclient.Final},
		"context":                   {err: context.Canceled, want: trtcclient.Final},
		"no connection":             {err: &failed{Outcome: notSent, Reason: cloudapi.NoConnection}, want: trtcclient.Unsent},
		"connecting took too long":  {err: &failed{Outcome: notSent, Reason: cloudapi.TimedOut}, want: trtcclient.Unsent},
		"cancelled before":          {err: &failed{Outcome: notSent, Reason: cloudapi.Cancelled}, want: trtcclient.Final},
		"not encodable":             {err: &failed{Outcome: notSent, Reason: cloudapi.NotEncodable}, want: trtcclient.Final},
		"connection lost":           {err: &failed{Outcome: ambiguous, Reason: cloudapi.ConnectionLost}, want: trtcclient.Lost},
		"timed out":                 {err: &failed{Outcome: ambiguous, Reason: cloudapi.TimedOut}, want: trtcclient.Lost},
		"too large":                 {err: &failed{Outcome: ambiguous, Reason: cloudapi.TooLarge, Status: 200}, want: trtcclient.Lost},
		"unreadable":                {err: &failed{Outcome: ambiguous, Reason: cloudapi.Unreadable, Status: 200}, want: trtcclient.Lost},
		"redirected":                {err: &failed{Outcome: ambiguous, Reason: cloudapi.Redirected, Status: 302}, want: trtcclient.Final},
		"status 101":                {err: &failed{Outcome: ambiguous, Reason: cloudapi.BadStatus, Status: 101}, want: trtcclient.Lost},
		"status 204":                {err: &failed{Outcome: ambiguous, Reason: cloudapi.BadStatus, Status: 204}, want: trtcclient.Lost},
		"status 400":                {err: &failed{Outcome: ambiguous, Reason: cloudapi.BadStatus, Status: 400}, want: trtcclient.Final},
		"status 408":                {err: &failed{Outcome: ambiguous, Reason: cloudapi.BadStatus, Status: 408}, want: trtcclient.Lost},
		"status 425":                {err: &failed{Outcome: ambiguous, Reason: cloudapi.BadStatus, Status: 425}, want: trtcclient.Lost},
		"status 429":                {err: &failed{Outcome: ambiguous, Reason: cloudapi.BadStatus, Status: 429}, want: trtcclient.Lost},
		"status 499":                {err: &failed{Outcome: ambiguous, Reason: cloudapi.BadStatus, Status: 499}, want: trtcclient.Final},
		"status 500":                {err: &failed{Outcome: ambiguous, Reason: cloudapi.BadStatus, Status: 500}, want: trtcclient.Lost},
		"credentials that are lost": {err: &trtcclient.CredentialError{Err: &failed{Outcome: ambiguous}}, want: trtcclient.Final},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := trtcclient.ClassOf(c.err); got != c.want {
				t.Errorf("ClassOf(%v) = %d, want %d", c.err, got, c.want)
			}
			if got := trtcclient.IsGone(c.err); got {
				t.Error("IsGone holds")
			}
		})
	}
}

func TestOnlyFaultyAndLostMayHaveRun(t *testing.T) {
	t.Parallel()
	for class := trtcclient.Final; class <= trtcclient.Gone; class++ {
		want := class == trtcclient.Faulty || class == trtcclient.Lost
		if got := class.MayHaveRun(); got != want {
			t.Errorf("MayHaveRun of class %d = %v, want %v", class, got, want)
		}
	}
}
