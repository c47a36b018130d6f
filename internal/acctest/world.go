package acctest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/tfserver"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// The account and application that every World knows.
const (
	SecretID     = "AKIDacceptance"
	SecretKey    = "acceptance-secret-key"
	Region       = "ap-singapore"
	SdkAppID     = 1400000001
	SdkSecretKey = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"
	UserID       = "robot-1"
)

// World is the surroundings of one test: a service, a clock, and providers
// that know both.
type World struct {
	// Mock is the service.
	Mock *trtcmock.Server
	// Clock is the time of the mock and of the providers.
	Clock *clocktest.Clock
	// URL is where the mock listens.
	URL string
	// Options configure the providers; change them before Factories is called.
	Options provider.Options
}

// NewWorld starts a mock for the length of the test. The changes apply to the
// mock's options.
func NewWorld(t testing.TB, changes ...func(*trtcmock.Options)) *World {
	t.Helper()
	fake := clocktest.New(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	options := trtcmock.Options{
		Credentials: map[string]string{SecretID: SecretKey},
		AppKeys:     map[uint64]string{SdkAppID: SdkSecretKey},
		Now:         fake.Now,
	}
	for _, change := range changes {
		change(&options)
	}
	mock := trtcmock.New(options)
	server := httptest.NewServer(mock)
	t.Cleanup(server.Close)
	return &World{
		Mock:  mock,
		Clock: fake,
		URL:   server.URL,
		Options: provider.Options{
			Version:   "test",
			LookupEnv: func(string) (string, bool) { return "", false },
			HomeDir:   func() (string, error) { return t.TempDir(), nil },
			Clock:     fake,
			Transport: isolated(t),
		},
	}
}

// isolated is a transport whose connections end with the test.
func isolated(t testing.TB) http.RoundTripper {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// Factories gives the provider to the test framework, which serves it to the
// real CLI from this process.
func (w *World) Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"trtc": func() (tfprotov6.ProviderServer, error) { return tfserver.New(provider.New(w.Options)()), nil },
	}
}

// ProviderBlock configures the provider for the mock. The extra lines go into
// the block.
func (w *World) ProviderBlock(extra ...string) string {
	return w.block("region = "+fmt.Sprintf("%q", Region), extra...)
}

// RegionlessProviderBlock is ProviderBlock without a default region.
func (w *World) RegionlessProviderBlock(extra ...string) string {
	return w.block("", extra...)
}

func (w *World) block(region string, extra ...string) string {
	text := fmt.Sprintf("provider \"trtc\" {\n  endpoint = %q\n  secret_id = %q\n  secret_key = %q\n  %s\n", w.URL, SecretID, SecretKey, region)
	for _, line := range extra {
		text += "  " + line + "\n"
	}
	return text + "}\n"
}
