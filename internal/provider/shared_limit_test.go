package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestSharedLimit checks that a process that follows another within a second
// waits for the requests of that one, through the directory of the start
// journal, and where it cannot, that it repeats what is refused.
func TestSharedLimit(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	exposed := filepath.Join(dir, "exposed")
	if err := os.Mkdir(exposed, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(exposed, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		provider tfcore.Values
		shared   bool
	}{
		"default directory":    {nil, true},
		"configured directory": {tfcore.Values{"start_journal": dir}, true},
		"lower limit":          {tfcore.Values{"requests_per_second": 19}, true},
		"other key":            {tfcore.Values{"secret_id": "AKIDother"}, true},
		"journal off":          {tfcore.Values{"start_journal": "off"}, false},
		"exposed directory":    {tfcore.Values{"start_journal": exposed}, false},
		"temporary key":        {tfcore.Values{"secret_id": "AKIDtemporary", "security_token": "token"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t, func(options *trtcmock.Options) {
				options.Credentials["AKIDother"], options.Credentials["AKIDtemporary"] = acctest.SecretKey, acctest.SecretKey
				options.Tokens = map[string]string{"AKIDtemporary": "token"}
			})
			taskID := running(t, world)
			world.Clock.Advance(time.Minute)
			read := func(times int) {
				process := world.Connect(t)
				if diags := process.Configure(t.Context(), world.ProviderValues(test.provider)); diags.HasErrors() {
					t.Fatal(diags)
				}
				for range times {
					if _, diags := process.ReadData(t.Context(), acctest.DataSourceType, tfcore.Values{
						"region": acctest.Region, "sdk_app_id": acctest.SdkAppID, "task_id": taskID,
					}); diags.HasErrors() {
						t.Fatal(diags)
					}
				}
			}
			world.Mock.ResetJournal()
			read(trtcclient.DefaultRequestsPerSecond)
			read(trtcclient.DefaultRequestsPerSecond)
			refused := 0
			for _, call := range world.Mock.Journal() {
				if strings.HasPrefix(call.Code, "RequestLimitExceeded") {
					refused++
				}
			}
			if got := refused == 0; got != test.shared {
				t.Errorf("%d of %d calls refused; shared = %t, want %t", refused, len(world.Mock.Journal()), got, test.shared)
			}
		})
	}
}
