package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

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

// TestAccStreamURLChanges: what each way to change the stream does, and
// whether the URL is sent.
func TestAccStreamURLChanges(t *testing.T) {
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

func TestAccStreamURLWriteOnlyValidation(t *testing.T) {
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
			said := world.Session(t).Validate(t.Context(), world.Values(t, test.arguments))
			acctest.ExpectError(t, said, test.attribute)
		})
	}
}
