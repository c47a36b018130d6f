package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
)

// TestStartSecrets: only the configuration has write-only values.
func TestStartSecrets(t *testing.T) {
	t.Parallel()
	secrets := valuesOf(withWriteOnlyValues(t)).startSecrets()
	for name, got := range map[string]secretArgument{
		"user_sig_wo": secrets.userSig, "private_map_key_wo": secrets.privateMapKey, "stream_url_wo": secrets.streamURL,
	} {
		if got.Reveal() != writeOnlyCanary || !got.given || !got.attribute.Equal(path.Root(name)) {
			t.Errorf("%s: given %t on %s", name, got.given, got.attribute)
		}
	}
	if text := fmt.Sprintf("%v %+v %#v %s", secrets, secrets, &secrets, secrets.userSig); strings.Contains(text, writeOnlyCanary) {
		t.Errorf("the secrets print themselves: %s", text)
	}
}
