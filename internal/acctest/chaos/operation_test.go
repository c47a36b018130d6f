package chaos

import (
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// operation is what one operation did.
type operation struct {
	name string
	slot *slot
	// began is when it began.
	began time.Time
	// hasty operations had little patience with the network, so that it may
	// have failed them without a mishap of the script.
	hasty bool

	said    tfcore.Diagnostics
	planned tfcore.Values
}
