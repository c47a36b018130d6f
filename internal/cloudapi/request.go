package cloudapi

import (
	"fmt"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// Request is one call. It prints without its parameters, which may be secret.
type Request struct {
	// Endpoint is the host to send to. Required.
	Endpoint Endpoint
	// Service is the name in the signature's scope, such as "trtc" or "sts".
	Service string
	// Version is the API version, such as "2019-07-22".
	Version string
	// Action is the API action.
	Action string
	// Region is sent as X-TC-Region.
	Region string
	// Parameters is encoded as the JSON body.
	Parameters any `json:"-"`
	// Unsigned leaves the signature out, for the few actions that take none.
	Unsigned bool
	// Confidential are texts in Parameters that no error may quote, even when
	// the service's message does.
	Confidential []secret.Text
}

// Format writes action, region and endpoint, whatever the verb.
func (r Request) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "%s in region %q at %s", r.Action, r.Region, r.Endpoint)
}
