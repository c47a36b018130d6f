package trtcclient

import (
	"context"
	"errors"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// Attempt is what may be told of one exchange: it has no field that could hold
// a secret.
type Attempt struct {
	// Action is the API action.
	Action string
	// Region is the access region.
	Region string
	// Host is where the request went.
	Host string
	// TaskID is the task the call names, if any.
	TaskID string
	// Number counts the attempts of one call, from 1.
	Number int
	// Outcome is what is known of the attempt.
	Outcome cloudapi.Outcome
	// Code is the service's error code, or empty.
	Code string
	// Fault is why there was no answer, in words, or empty.
	Fault string
	// RequestID is the answer's, or empty.
	RequestID string
	// Waited is the time spent on pacing before the attempt.
	Waited time.Duration
	// Took is the time from sending to the outcome.
	Took time.Duration
}

func (c *call) observe(ctx context.Context, number int, requestID string, waited, took time.Duration, err error) {
	attempt := Attempt{
		Action:    c.action,
		Region:    c.region,
		Host:      c.client.config.Endpoint.Host,
		TaskID:    c.taskID,
		Number:    number,
		Outcome:   cloudapi.OutcomeOf(err),
		RequestID: requestID,
		Waited:    waited,
		Took:      took,
	}
	var refused *cloudapi.APIError
	var failed *cloudapi.ExchangeError
	switch {
	case errors.As(err, &refused):
		attempt.Code = refused.Code
	case errors.As(err, &failed):
		attempt.Fault = failed.Reason.String()
	}
	c.client.config.Observe(ctx, attempt)
}
