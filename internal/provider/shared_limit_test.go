package provider_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestSharedLimit checks that a process that follows another at once waits for
// the requests of that one, through the directory of the start journal, and
// where it cannot, that it repeats what is refused.
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
	type outcome struct{ Waited, Refused bool }
	temporary := tfcore.Values{"secret_id": "AKIDtemporary", "security_token": "token"}
	limit := trtcclient.DefaultRequestsPerSecond
	for name, test := range map[string]struct {
		first, second tfcore.Values
		// reads is how many requests each of the two sends.
		reads int
		want  outcome
	}{
		"default directory":    {nil, nil, limit, outcome{Waited: true}},
		"configured directory": {tfcore.Values{"start_journal": dir}, tfcore.Values{"start_journal": dir}, limit, outcome{Waited: true}},
		"lower limits":         {tfcore.Values{"requests_per_second": limit / 2}, tfcore.Values{"requests_per_second": limit / 2}, limit / 2, outcome{}},
		"other key":            {nil, tfcore.Values{"secret_id": "AKIDother"}, limit, outcome{}},
		"other region":         {nil, tfcore.Values{"region": "ap-mumbai"}, limit, outcome{}},
		"journal off":          {nil, tfcore.Values{"start_journal": "off"}, limit, outcome{true, true}},
		"exposed directory":    {tfcore.Values{"start_journal": exposed}, tfcore.Values{"start_journal": exposed}, limit, outcome{true, true}},
		"temporary key":        {temporary, temporary, limit, outcome{true, true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "exposed directory" && runtime.GOOS == "windows" {
				t.Skip("file modes")
			}
			world := acctest.NewWorld(t, func(options *trtcmock.Options) {
				options.Credentials["AKIDother"], options.Credentials["AKIDtemporary"] = acctest.SecretKey, acctest.SecretKey
				options.Tokens = map[string]string{"AKIDtemporary": "token"}
			})
			taskID := running(t, world)
			world.Clock.Advance(time.Minute)
			world.Mock.ResetJournal()
			began := world.Clock.Now()
			for _, configuration := range []tfcore.Values{test.first, test.second} {
				process := world.Connect(t)
				if diags := process.Configure(t.Context(), world.ProviderValues(configuration)); diags.HasErrors() {
					t.Fatal(diags)
				}
				for range test.reads {
					if _, diags := process.ReadData(t.Context(), acctest.DataSourceType, tfcore.Values{
						"sdk_app_id": acctest.SdkAppID, "task_id": taskID,
					}); diags.HasErrors() {
						t.Fatal(diags)
					}
				}
			}
			got := outcome{Waited: world.Clock.Now().After(began)}
			for _, call := range world.Mock.Journal() {
				got.Refused = got.Refused || strings.HasPrefix(call.Code, "RequestLimitExceeded")
			}
			if got != test.want {
				t.Errorf("outcome = %+v, want %+v", got, test.want)
			}
		})
	}
}
