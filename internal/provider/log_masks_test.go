package provider_test

import (
	"bytes"
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

// leak logs a secret with the context of a request.
func leak(request *http.Request, secret string) {
	tflog.Debug(request.Context(), "sends "+secret)
	tflog.SubsystemDebug(request.Context(), "trtc_api", "sends", map[string]any{"body": "[" + secret + "]"})
}

// expectMasked checks that a log has masks in place of the secrets.
func expectMasked(t *testing.T, log *bytes.Buffer, secrets []string) {
	t.Helper()
	for _, secret := range secrets {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log has %.20s…", secret)
		}
	}
	if !strings.Contains(log.String(), "sends ***") || !strings.Contains(log.String(), "[***]") {
		t.Errorf("no masked secret was logged:\n%.2000s", log)
	}
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
			var secrets []string
			world.BeforeRequest(func(request *http.Request) {
				for _, secret := range secrets {
					leak(request, secret)
				}
			})
			session := world.Session(t)
			for _, step := range []struct {
				command command
				config  tfcore.Values
				stored  bool     // whether the state has the secrets of the operation
				urls    []string // in addition to the tickets
			}{
				{apply, given(first, 1), false, []string{first}},
				{refresh, nil, true, []string{first}},
				{apply, given(second, 2), false, []string{second}},
				{remove, nil, true, []string{second}},
			} {
				secrets = append([]string{userSig, privateMapKey}, step.urls...)
				log := &bytes.Buffer{}
				_, diags := step.command(tflogtest.RootLogger(t.Context(), log), session, step.config)
				acctest.ExpectSuccess(t, diags)
				if !step.stored || !writeOnly {
					expectMasked(t, log, secrets)
				}
			}
		})
	}
}

// TestMintedTicketsMask checks that the tickets of each attempt are masked, and
// those that are minted again when the clock is corrected.
func TestMintedTicketsMask(t *testing.T) {
	t.Parallel()
	world := minting(t, nil, wrongClock(8*24*time.Hour))
	var minted []string
	world.BeforeRequest(func(request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		request.Body = io.NopCloser(bytes.NewReader(body))
		var sent struct{ UserSig string }
		if err := json.Unmarshal(body, &sent); err == nil && sent.UserSig != "" {
			minted = append(minted, sent.UserSig)
			leak(request, sent.UserSig)
		}
	})
	log := &bytes.Buffer{}
	config := world.Values(t, tfcore.Values{"user_sig": nil, "mint_private_map_key": true})
	_, diags := apply(tflogtest.RootLogger(t.Context(), log), world.Session(t), config)
	acctest.ExpectSuccess(t, diags)
	if len(minted) != 2 || minted[0] == minted[1] {
		t.Fatalf("%d tickets were sent, want two different ones", len(minted))
	}
	expectMasked(t, log, minted)
}
