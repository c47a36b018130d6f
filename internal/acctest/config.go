package acctest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

const (
	// ResourceType is the resource type under test.
	ResourceType = "trtc_stream_ingest"
	// DataSourceType is the data source type under test.
	DataSourceType = "trtc_stream_ingest"

	// Address is the address of the resource of StreamIngest.
	Address = "trtc_stream_ingest.test"
	// StreamURL is the stream that StreamIngest plays.
	StreamURL = "https://example.com/live.flv"
)

// ProviderBlock returns a provider block for the mock with the extra lines.
func (w *World) ProviderBlock(extra ...string) string {
	return w.RegionlessProviderBlock(append([]string{fmt.Sprintf("region = %q", Region)}, extra...)...)
}

// RegionlessProviderBlock returns ProviderBlock without a default region.
func (w *World) RegionlessProviderBlock(extra ...string) string {
	lines := append([]string{
		fmt.Sprintf("endpoint = %q", w.URL), fmt.Sprintf("secret_id = %q", SecretID), fmt.Sprintf("secret_key = %q", SecretKey),
	}, extra...)
	return "provider \"trtc\" {\n  " + strings.Join(lines, "\n  ") + "\n}\n"
}

// ProviderValues returns the arguments of ProviderBlock with the changes.
func (w *World) ProviderValues(changes tfcore.Values) tfcore.Values {
	return tfcore.Values{
		"endpoint": w.URL, "secret_id": SecretID, "secret_key": SecretKey, "region": Region,
	}.With(changes)
}

// Arguments are the arguments of a block: name to HCL expression. An empty
// expression omits the argument.
type Arguments map[string]string

// Values returns the arguments of a stream ingest into room "1001" with the changes.
func (w *World) Values(t testing.TB, changes tfcore.Values) tfcore.Values {
	t.Helper()
	return tfcore.Values{
		"sdk_app_id": SdkAppID,
		"room_id":    "1001",
		"user_id":    UserID,
		"user_sig":   w.UserSig(t, UserID),
		"stream_url": StreamURL,
	}.With(changes)
}

// StreamIngest returns Values as a resource block with the changes.
func (w *World) StreamIngest(t testing.TB, changes Arguments) string {
	t.Helper()
	return StreamIngestBlock("test", w.StreamIngestArguments(t, changes))
}

// Config returns ProviderBlock and StreamIngest.
func (w *World) Config(t testing.TB, changes Arguments) string {
	t.Helper()
	return w.ProviderBlock() + w.StreamIngest(t, changes)
}

// StreamIngestArguments returns the arguments of StreamIngest.
func (w *World) StreamIngestArguments(t testing.TB, changes Arguments) Arguments {
	t.Helper()
	arguments := Arguments{}
	for name, value := range w.Values(t, nil) {
		arguments[name] = fmt.Sprintf("%#v", value)
	}
	maps.Copy(arguments, changes)
	return arguments
}

// StreamIngestBlock returns a resource block of the given name.
func StreamIngestBlock(name string, arguments Arguments) string {
	return fmt.Sprintf("resource %q %q {\n%s}\n", ResourceType, name, arguments)
}

// String returns one line per argument, sorted.
func (a Arguments) String() string {
	var text strings.Builder
	for _, argument := range slices.Sorted(maps.Keys(a)) {
		if a[argument] != "" {
			fmt.Fprintf(&text, "  %s = %s\n", argument, a[argument])
		}
	}
	return text.String()
}
