package provider_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestDataSource checks that the data source makes one call, in its own region
// or the provider's, and that a task that does not exist is a result.
func TestDataSource(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.RegionBound = true })
	taskID := running(t, world)
	for _, test := range []struct {
		given          any
		region, status string
	}{{nil, "ap-singapore", "InProgress"}, {"ap-mumbai", "ap-mumbai", "NotExist"}} {
		got, diags := world.Provider(t, nil).ReadData(t.Context(), acctest.DataSourceType, tfcore.Values{
			"region": test.given, "sdk_app_id": acctest.SdkAppID, "task_id": taskID,
		})
		acctest.ExpectSilence(t, diags)
		want := tfcore.Values{
			"region": test.region, "status": test.status, "sdk_app_id": int64(acctest.SdkAppID), "task_id": taskID, "id": test.region + "/1400000001/" + taskID,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("data (-want +got):\n%s", diff)
		}
		world.ExpectJournal(t, acctest.Describe)
	}
}

// TestDataSourceRefused checks that errors are on their attributes.
func TestDataSourceRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		provider, change tfcore.Values
		attribute        string
		mention          string
	}{
		"sdk_app_id 0":         {nil, tfcore.Values{"sdk_app_id": 0}, "sdk_app_id", "from 1 to 4294967295"},
		"empty task_id":        {nil, tfcore.Values{"task_id": ""}, "task_id", "at least 1"},
		"odd region":           {nil, tfcore.Values{"region": "Singapore"}, "region", "must be a Tencent Cloud region"},
		"no region":            {tfcore.Values{"region": nil}, nil, "region", "TENCENTCLOUD_REGION"},
		"region not known yet": {tfcore.Values{"region": tfcore.Unknown}, nil, "region", "-target"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Offline(t)
			config := tfcore.Values{"sdk_app_id": acctest.SdkAppID, "task_id": "x"}.With(test.change)
			_, diags := world.Provider(t, test.provider).ReadData(t.Context(), acctest.DataSourceType, config)
			acctest.ExpectError(t, diags, test.attribute, test.mention)
		})
	}
}

func TestAccDataSource(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	data := func(name string, arguments acctest.Arguments) string {
		arguments = merge(acctest.Arguments{"sdk_app_id": "1400000001"}, arguments)
		return fmt.Sprintf("data %q %q {\n%s}\n", acctest.DataSourceType, name, arguments)
	}
	status := func(name, want string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data."+acctest.DataSourceType+"."+name, tfjsonpath.New("status"), knownvalue.StringExact(want))
	}
	step := world.Step(t, acctest.Apply{
		Config: world.Config(t, nil) +
			data("running", acctest.Arguments{"task_id": acctest.Address + ".task_id"}) +
			data("never", acctest.Arguments{"task_id": `"never"`, "region": `"ap-jakarta"`}),
		Action: plancheck.ResourceActionCreate,
		Calls:  []string{acctest.Start},
	})
	step.ConfigStateChecks = append(step.ConfigStateChecks, status("running", "InProgress"), status("never", "NotExist"))
	world.Run(t, step)
}
