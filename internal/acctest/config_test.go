package acctest_test

import (
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
)

func TestBlocks(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	for name, test := range map[string]struct{ got, want string }{
		"resource": {
			acctest.StreamIngestBlock("x", acctest.Arguments{"volume": "40", "room_id": `"1"`, "region": ""}),
			"resource \"trtc_stream_ingest\" \"x\" {\n  room_id = \"1\"\n  volume = 40\n}\n",
		},
		"provider": {
			world.ProviderBlock("requests_per_second = 5"),
			"provider \"trtc\" {\n  endpoint = \"" + world.URL + "\"\n  secret_id = \"AKIDacceptance\"\n" +
				"  secret_key = \"acceptance-secret-key\"\n  region = \"ap-singapore\"\n  requests_per_second = 5\n}\n",
		},
	} {
		if test.got != test.want {
			t.Errorf("%s:\n%swant:\n%s", name, test.got, test.want)
		}
	}
	config := world.Config(t, acctest.Arguments{"user_sig": "", "volume": "40"})
	for text, want := range map[string]bool{
		world.ProviderBlock(): true, "  volume = 40\n": true, "  sdk_app_id = 1400000001\n": true, "user_sig": false,
	} {
		if strings.Contains(config, text) != want {
			t.Errorf("%q in the configuration: %t, want %t:\n%s", text, !want, want, config)
		}
	}
	if strings.Contains(world.RegionlessProviderBlock(), "region") {
		t.Error("RegionlessProviderBlock has a region")
	}
}
