package provider_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// leakyTransport is a transport that logs secrets with the context of the request.
type leakyTransport struct {
	next    http.RoundTripper
	secrets []string
}

func (i leakyTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	for _, secret := range i.secrets {
		tflog.Debug(request.Context(), "sends "+secret)
		tflog.SubsystemDebug(request.Context(), "trtc_api", "sends", map[string]any{"body": "[" + secret + "]"})
	}
	return i.next.RoundTrip(request)
}

// TestOperationsMask checks that each operation masks its secrets if anything
// should log them.
func TestOperationsMask(t *testing.T) {
	t.Parallel()
	const first, second = "https://example.com/live.flv?sign=canary-one", "https://example.com/live.flv?sign=canary-two"
	for name, writeOnly := range map[string]bool{"stored": false, "write-only": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			userSig, privateMapKey := world.UserSig(t, acctest.UserID), world.PrivateMapKey(t, acctest.UserID, 1001)
			given := func(address string, version int) tfcore.Values {
				if writeOnly {
					return world.Values(t, tfcore.Values{
						"user_sig": nil, "user_sig_wo": userSig, "private_map_key_wo": privateMapKey,
						"stream_url": nil, "stream_url_wo": address, "stream_url_wo_version": version,
					})
				}
				return world.Values(t, tfcore.Values{"user_sig": userSig + "\n", "private_map_key": privateMapKey, "stream_url": address})
			}
			inHand := map[string][]string{"create": {userSig, privateMapKey, first}, "update": {userSig, privateMapKey, second}}
			if !writeOnly {
				inHand["refresh"], inHand["destroy"] = inHand["create"], inHand["update"]
				inHand["update"] = []string{userSig, privateMapKey, first, second} // The state still has the first.
			}
			for operation, secrets := range inHand {
				log := &bytes.Buffer{}
				loud := *world
				loud.Options.Transport = leakyTransport{next: world.Options.Transport, secrets: secrets}
				perform(tflogtest.RootLogger(t.Context(), log), t, loud.Session(t), operation, given(first, 1), given(second, 2))
				for _, secret := range secrets {
					if strings.Contains(log.String(), secret) {
						t.Errorf("%s logged %.20s…", operation, secret)
					}
				}
				if !strings.Contains(log.String(), "sends ***") || !strings.Contains(log.String(), "[***]") {
					t.Errorf("%s logged no masked secret:\n%.2000s", operation, log)
				}
			}
		})
	}
}

// perform runs one operation with ctx, and the operations before and after it
// without.
func perform(ctx context.Context, t *testing.T, session *tfcore.Session, operation string, before, after tfcore.Values) {
	t.Helper()
	must := func(diags tfcore.Diagnostics) {
		t.Helper()
		if diags.HasErrors() {
			t.Fatalf("%s: %s", operation, diags)
		}
	}
	in := func(name string) context.Context {
		if name == operation {
			return ctx
		}
		return t.Context()
	}
	create := session.Plan(t.Context(), before)
	must(session.Apply(in("create"), create))
	must(session.Refresh(in("refresh")))
	update := session.Plan(t.Context(), after)
	must(session.Apply(in("update"), update))
	destroy := session.PlanDestroy(t.Context())
	must(session.Apply(in("destroy"), destroy))
}

// ticketLogger logs the UserSig of each request with the context of the request.
type ticketLogger struct {
	next    http.RoundTripper
	tickets *[]string
}

func (l ticketLogger) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	var sent struct{ UserSig string }
	if err := json.Unmarshal(body, &sent); err != nil {
		return nil, err
	}
	if sent.UserSig != "" {
		*l.tickets = append(*l.tickets, sent.UserSig)
	}
	again := request.Clone(request.Context())
	again.Body = io.NopCloser(bytes.NewReader(body))
	return leakyTransport{next: l.next, secrets: []string{sent.UserSig}}.RoundTrip(again)
}

// TestMintedTicketsMask checks that the tickets of each attempt are masked, and
// those that are minted again when the clock is corrected.
func TestMintedTicketsMask(t *testing.T) {
	t.Parallel()
	world := minting(t, nil, wrongClock(8*24*time.Hour))
	var minted []string
	world.Options.Transport = ticketLogger{next: world.Options.Transport, tickets: &minted}
	session := world.Session(t)
	plan := session.Plan(t.Context(), world.Values(t, tfcore.Values{"user_sig": nil, "mint_private_map_key": true}))
	log := &bytes.Buffer{}
	acctest.ExpectSuccess(t, session.Apply(tflogtest.RootLogger(t.Context(), log), plan))
	if len(minted) != 2 || minted[0] == minted[1] {
		t.Fatalf("%d tickets were sent, want two different ones", len(minted))
	}
	for number, ticket := range minted {
		if strings.Contains(log.String(), ticket) {
			t.Errorf("ticket %d is in the log", number+1)
		}
	}
	if !strings.Contains(log.String(), "sends ***") || !strings.Contains(log.String(), "[***]") {
		t.Errorf("no masked ticket was logged:\n%.2000s", log)
	}
}
