package provider_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccWriteOnly checks that tickets from ephemeral variables start the task,
// that new tickets change nothing, and that a replacement uses the new one.
func TestAccWriteOnly(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.WriteOnly)
	world := acctest.NewWorld(t, func(options *trtcmock.Options) {
		options.PrivilegedApps = map[uint64]bool{acctest.SdkAppID: true}
	})
	config := func(userSig string, changes acctest.Arguments) string {
		return fmt.Sprintf("variable \"ticket\" {\n  ephemeral = true\n  default = %q\n}\n", userSig) +
			world.Config(t, merge(acctest.Arguments{
				"user_sig": "", "user_sig_wo": "var.ticket",
				"private_map_key_wo": fmt.Sprintf("%q", world.PrivateMapKey(t, acctest.UserID, 1001)),
			}, changes))
	}
	nothingStored := map[string]knownvalue.Check{
		"user_sig": knownvalue.Null(), "user_sig_wo": knownvalue.Null(),
		"private_map_key": knownvalue.Null(), "private_map_key_wo": knownvalue.Null(),
	}
	world.Run(t,
		world.Step(t, acctest.Apply{
			Config: config(world.UserSig(t, acctest.UserID), nil),
			Action: plancheck.ResourceActionCreate,
			Calls:  []string{acctest.Start},
			State:  nothingStored,
		}),
		world.Step(t, acctest.Apply{
			Config: config("rotated", nil),
			Action: plancheck.ResourceActionNoop,
			Plan:   []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			State:  nothingStored,
		}),
		world.Step(t, acctest.Apply{
			Config: config(world.UserSig(t, acctest.UserID), acctest.Arguments{"auto_push": "true"}),
			Action: plancheck.ResourceActionDestroyBeforeCreate,
			Calls:  []string{acctest.Stop, acctest.Start},
			State:  nothingStored,
		}),
	)
}

// TestWriteOnlyAfterFailure checks that the state of a failed create contains
// no ticket; otherwise Terraform would drop it and lose the task.
func TestWriteOnlyAfterFailure(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Inject(t, acctest.RejectNext(acctest.Update, "UnauthorizedOperation"))
	session := world.Session(t)
	_, diags := session.ApplyConfig(t.Context(), world.Values(t, tfcore.Values{
		"paused": true, "user_sig": nil, "user_sig_wo": world.UserSig(t, acctest.UserID),
	}))
	acctest.ExpectWarning(t, diags, "UnauthorizedOperation")
	acctest.ExpectAttributes(t, session, tfcore.Values{"task_id": world.Mock.Alive()[0].ID, "user_sig_wo": nil})
}

// TestTicketsSent checks that each ticket reaches the start from either
// argument.
func TestTicketsSent(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	userSig, key := world.UserSig(t, acctest.UserID), world.PrivateMapKey(t, acctest.UserID, 1001)
	for name, tickets := range map[string]tfcore.Values{
		"stored":     {"user_sig": userSig, "private_map_key": key},
		"write-only": {"user_sig": nil, "user_sig_wo": userSig, "private_map_key_wo": key},
		"mixed":      {"user_sig": userSig, "private_map_key_wo": key},
	} {
		session := world.Session(t)
		acctest.ExpectApply(t, session, world.Values(t, tickets), tfcore.Create)
		sent := world.LastCall(t, acctest.Start).Parameters
		if !slices.Contains(sent, "UserSig") || !slices.Contains(sent, "PrivateMapKey") {
			t.Errorf("%s: sent %v", name, sent)
		}
		if diags := session.Destroy(t.Context()); diags.HasErrors() {
			t.Fatal(diags)
		}
	}
}

const (
	signedURL = "https://example.com/live.flv?sign=canary"
	otherURL  = "https://example.com/other.flv?sign=canary"
)

func TestAccStreamURLWriteOnly(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.WriteOnly)
	world := acctest.NewWorld(t)
	config := func(url, version string) string {
		return world.Config(t, acctest.Arguments{"stream_url": "", "stream_url_wo": `"` + url + `"`, "stream_url_wo_version": version})
	}
	world.Run(t,
		world.Step(t, acctest.Apply{
			Config: config(signedURL, "1"),
			Action: plancheck.ResourceActionCreate,
			Calls:  []string{acctest.Start},
			State:  map[string]knownvalue.Check{"stream_url": knownvalue.Null(), "stream_url_wo": knownvalue.Null()},
		}),
		world.Step(t, acctest.Apply{
			Config: config(otherURL, "1"),
			Action: plancheck.ResourceActionNoop,
		}),
		world.Step(t, acctest.Apply{
			Config: config(otherURL, "2"),
			Action: plancheck.ResourceActionUpdate,
			Calls:  []string{acctest.Update},
			State:  map[string]knownvalue.Check{"stream_url_wo": knownvalue.Null()},
		}),
		resource.TestStep{
			Config: config(otherURL, "2"),
			Check: func(state *terraform.State) error {
				if strings.Contains(state.String(), "canary") {
					t.Error("the URL's query is in the state")
				}
				return nil
			},
		},
	)
}

// TestStreamURLChanges checks the effect of each change of the stream, and
// whether the URL is sent.
func TestStreamURLChanges(t *testing.T) {
	t.Parallel()
	plain := tfcore.Values{"stream_url": signedURL, "stream_url_wo": nil, "stream_url_wo_version": nil}
	writeOnly := tfcore.Values{"stream_url": nil, "stream_url_wo": signedURL, "stream_url_wo_version": 1}
	for name, test := range map[string]struct {
		before, after tfcore.Values
		action        tfcore.Action
		sent          bool
	}{
		"plain to write-only": {plain, writeOnly, tfcore.Update, true},
		"write-only to plain": {writeOnly, plain, tfcore.Update, true},
		"another version":     {writeOnly, writeOnly.With(tfcore.Values{"stream_url_wo_version": 2}), tfcore.Update, true},
		"another value only":  {writeOnly, writeOnly.With(tfcore.Values{"stream_url_wo": otherURL}), tfcore.NoOp, false},
		"volume only":         {writeOnly, writeOnly.With(tfcore.Values{"volume": 5}), tfcore.Update, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Created(t, world.Values(t, test.before))
			world.Mock.ResetJournal()
			acctest.ExpectApply(t, session, world.Values(t, test.after), test.action)
			sent := false
			for _, call := range world.Mock.Journal() {
				sent = sent || (call.Action == acctest.Update && call.StreamURL != "")
			}
			if sent != test.sent {
				t.Errorf("URL sent in an update: %v, want %v", sent, test.sent)
			}
		})
	}
}

func TestStreamURLWriteOnlyValidation(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments tfcore.Values
		attribute string
	}{
		"both":            {tfcore.Values{"stream_url": signedURL, "stream_url_wo": signedURL, "stream_url_wo_version": 1}, "stream_url"},
		"without version": {tfcore.Values{"stream_url": nil, "stream_url_wo": signedURL}, "stream_url_wo"},
		"version only":    {tfcore.Values{"stream_url_wo_version": 1}, "stream_url_wo_version"},
		"not a URL":       {tfcore.Values{"stream_url": nil, "stream_url_wo": "ftp://x/y", "stream_url_wo_version": 1}, "stream_url_wo"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			diags := world.Session(t).Validate(t.Context(), world.Values(t, test.arguments))
			acctest.ExpectError(t, diags, test.attribute)
		})
	}
}
