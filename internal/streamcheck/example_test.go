package streamcheck_test

import (
	"context"
	"fmt"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/streamcheck"
)

// One Checker serves all resources of a walk. What a URL itself shows needs no
// Checker.
func Example() {
	const address = "http://192.168.1.10/camera.flv?token=secret"
	checker := streamcheck.New(streamcheck.Options{Clock: clock.System()})
	now := time.Now()

	found := streamcheck.InspectURL(address, now, now.Add(time.Hour))
	found = append(found, checker.Look(context.Background(), address)...)
	for _, finding := range found {
		fmt.Println(finding.Summary, finding.Fails)
		fmt.Println(finding.Text)
	}
	// Output:
	// unreachable host true
	// The service cannot reach the host 192.168.1.10: it is a private address or a local name. The service requests the stream over the internet. Use a public host name or address.
}
