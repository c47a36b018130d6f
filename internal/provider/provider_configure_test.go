package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccRegion: two regions below one provider block, and a default that
// changes later and leaves running tasks alone.
func TestAccRegion(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.RegionBound = true })
	own := world.StreamIngestArguments(t, acctest.Arguments{"region": `"ap-mumbai"`, "room_id": `"2002"`})
	resources := world.StreamIngest(t, nil) + acctest.StreamIngestBlock("own", own)
	first := world.Step(t, acctest.Apply{
		Config: world.ProviderBlock() + resources,
		Action: plancheck.ResourceActionCreate,
		Calls:  []string{acctest.Start, acctest.Start},
		State:  map[string]knownvalue.Check{"region": acctest.Text(acctest.Region)},
		Plan: []plancheck.PlanCheck{
			plancheck.ExpectKnownValue("trtc_stream_ingest.own", tfjsonpath.New("region"), acctest.Text("ap-mumbai")),
		},
		After: func() {
			for _, task := range world.Mock.Alive() {
				if want := map[string]string{"1001": acctest.Region, "2002": "ap-mumbai"}[task.RoomID]; task.Region != want {
					t.Errorf("room %s runs in %s, want %s", task.RoomID, task.Region, want)
				}
			}
		},
	})
	world.Run(t, first,
		world.Step(t, acctest.Apply{
			Config: world.RegionlessProviderBlock(`region = "ap-jakarta"`) + resources,
			Action: plancheck.ResourceActionNoop,
			State:  map[string]knownvalue.Check{"region": acctest.Text(acctest.Region)},
			Plan:   []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		}),
		world.Step(t, acctest.Apply{
			Config: world.ProviderBlock() + world.StreamIngest(t, acctest.Arguments{"region": `"ap-jakarta"`}) + acctest.StreamIngestBlock("own", own),
			Action: plancheck.ResourceActionDestroyBeforeCreate,
			Calls:  []string{acctest.Stop, acctest.Start},
			State:  map[string]knownvalue.Check{"region": acctest.Text("ap-jakarta")},
		}),
	)
}

// TestAccRegionChecked: with Tencent's own host the region is held to the
// documented list, from wherever it comes, and nothing is sent.
func TestAccRegionChecked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		domain, byDefault, own any
		err, warning           string
	}{
		"own region unknown to the site":     {nil, "ap-singapore", "ap-nowhere", "ap-bangkok, ap-guangzhou", ""},
		"default region unknown":             {nil, "ap-nowhere", nil, "ap-bangkok, ap-guangzhou", ""},
		"none anywhere":                      {nil, nil, nil, "TENCENTCLOUD_REGION", ""},
		"empty default":                      {nil, "", nil, "TENCENTCLOUD_REGION", ""},
		"China's region on the other site":   {nil, nil, "ap-beijing", "ap-bangkok", ""},
		"international region on China":      {"tencentcloudapi.com", nil, "ap-bangkok", "ap-beijing", ""},
		"good":                               {nil, nil, "ap-bangkok", "", ""},
		"good on China":                      {"tencentcloudapi.com", nil, "ap-beijing", "", ""},
		"listed for starting only":           {nil, "ap-tokyo", nil, "", "ap-tokyo"},
		"own region wins over a bad default": {nil, "ap-nowhere", "ap-mumbai", "", ""},
		"another host knows its own":         {"example.com", nil, "mars-north", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Options.Transport = offline{t}
			below := world.Provider(t, tfcore.Values{"endpoint": nil, "domain": test.domain, "region": test.byDefault})
			config := world.Values(t, tfcore.Values{"region": test.own, "user_sig": nil, "user_sig_wo": "a ticket"})
			said := acctest.SessionOf(t, below).Plan(t.Context(), config).Diagnostics
			switch {
			case test.err != "":
				acctest.ExpectError(t, said, "region", test.err)
			case test.warning != "":
				acctest.ExpectWarning(t, said.On("region"), test.warning)
			case len(said) > 0:
				t.Errorf("said %s, want nothing", said)
			}
		})
	}
}

// TestAccRegionFromEnvironment: the variable is the default's default.
func TestAccRegionFromEnvironment(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Options.LookupEnv = func(name string) (string, bool) {
		value, set := map[string]string{"TENCENTCLOUD_REGION": "ap-mumbai"}[name]
		return value, set
	}
	session := acctest.SessionOf(t, world.Provider(t, tfcore.Values{"region": nil}))
	acctest.ExpectApply(t, session, world.Values(t, nil), tfcore.Create)
	if got := session.State()["region"]; got != "ap-mumbai" {
		t.Errorf("region = %v", got)
	}
}
