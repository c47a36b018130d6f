package acctest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// Address is where StreamIngest puts its resource.
const Address = "trtc_stream_ingest.test"

// StreamURL is the stream that StreamIngest plays.
const StreamURL = "https://example.com/live.flv"

// Arguments are lines of a resource block: argument name to HCL expression. An
// empty expression leaves the argument out.
type Arguments map[string]string

// Values are the arguments of a stream ingest into the room "1001", with the
// changes made.
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

// StreamIngest is Values as a resource block, with the arguments changed or
// added.
func (w *World) StreamIngest(t testing.TB, changes Arguments) string {
	t.Helper()
	return StreamIngestBlock("test", w.StreamIngestArguments(t, changes))
}

// Config is StreamIngest below ProviderBlock.
func (w *World) Config(t testing.TB, changes Arguments) string {
	t.Helper()
	return w.ProviderBlock() + w.StreamIngest(t, changes)
}

// StreamIngestArguments are the arguments of StreamIngest.
func (w *World) StreamIngestArguments(t testing.TB, changes Arguments) Arguments {
	t.Helper()
	arguments := Arguments{}
	for name, value := range w.Values(t, nil) {
		arguments[name] = fmt.Sprintf("%#v", value)
	}
	maps.Copy(arguments, changes)
	return arguments
}

// StreamIngestBlock writes a resource block of the given name.
func StreamIngestBlock(name string, arguments Arguments) string {
	return fmt.Sprintf("resource %q %q {\n%s}\n", ResourceType, name, lines(arguments))
}

// DataSourceBlock writes a data block of the given name.
func DataSourceBlock(name string, arguments Arguments) string {
	return fmt.Sprintf("data %q %q {\n%s}\n", DataSourceType, name, lines(arguments))
}

func lines(arguments Arguments) string {
	var text strings.Builder
	for _, argument := range slices.Sorted(maps.Keys(arguments)) {
		if arguments[argument] != "" {
			fmt.Fprintf(&text, "  %s = %s\n", argument, arguments[argument])
		}
	}
	return text.String()
}
