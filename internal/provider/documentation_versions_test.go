package provider_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
)

// TestDocumentationVersions: what the documentation says to work from which
// version is what the tests of that feature go by.
func TestDocumentationVersions(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for page, text := range map[string]string{"README.md": string(readme), "templates/index.md.tmpl": pages(t)["index.md.tmpl"]} {
		for label, feature := range map[string]features.Feature{
			"ephemeral resources `trtc_user_sig`, `trtc_private_map_key`":               features.Ephemeral,
			"write-only arguments `user_sig_wo`, `private_map_key_wo`, `stream_url_wo`": features.WriteOnly,
			"import by identity":               features.Identity,
			"action `trtc_stream_ingest_stop`": features.Actions,
		} {
			since := feature.Since()
			row := fmt.Sprintf("| %s | %s | %s |\n", label, cmp.Or(since.Terraform, "–"), cmp.Or(since.OpenTofu, "–"))
			if !strings.Contains(text, row) {
				t.Errorf("%s lacks the row %q", page, row)
			}
		}
	}
}
