package credentials

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

const (
	// attemptTimeout bounds one exchange.
	attemptTimeout = 10 * time.Second
	// maxRepeats is how often a failed exchange is sent again.
	maxRepeats = 3
	// firstPause is the wait before the first repetition; it doubles each time.
	firstPause = 500 * time.Millisecond
)

// repeat runs call until it succeeds, fails for good, was repeated maxRepeats
// times, or ctx ends.
func repeat(ctx context.Context, timer clock.Clock, call func(context.Context) error) error {
	pause := firstPause
	for left := maxRepeats; ; left-- {
		err := attempt(ctx, timer, call)
		if err == nil || left == 0 || !isTransient(err) {
			return err
		}
		if timer.Sleep(ctx, pause) != nil {
			return err
		}
		pause *= 2
	}
}

func attempt(ctx context.Context, timer clock.Clock, call func(context.Context) error) error {
	bounded, cancel := timer.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	return call(bounded)
}

// isTransient tells whether the same call can end better a moment later.
func isTransient(err error) bool {
	var refused *cloudapi.APIError
	var failed *cloudapi.ExchangeError
	var metadata *MetadataError
	switch {
	case errors.As(err, &refused):
		return isTransientCode(refused.Code)
	case errors.As(err, &failed):
		return isTransientExchange(failed)
	case errors.As(err, &metadata):
		return isTransientMetadata(metadata)
	default:
		return false
	}
}

// isTransientCode knows the common codes of API 3.0 for a service that is busy
// or at fault.
func isTransientCode(code string) bool {
	family, _, _ := strings.Cut(code, ".")
	switch family {
	case "InternalError", "RequestLimitExceeded", "ServiceUnavailable", "ResourceUnavailable":
		return true
	default:
		return false
	}
}

func isTransientExchange(failed *cloudapi.ExchangeError) bool {
	switch failed.Reason {
	case cloudapi.NoConnection, cloudapi.ConnectionLost, cloudapi.TimedOut, cloudapi.Unreadable:
		return true
	case cloudapi.BadStatus:
		return isTransientStatus(failed.Status)
	default:
		return false
	}
}

func isTransientMetadata(failed *MetadataError) bool {
	switch {
	case errors.Is(failed.Err, context.Canceled), errors.Is(failed.Err, errTooLarge):
		return false
	case failed.Status == 0, failed.Status == http.StatusOK && failed.Err != nil:
		return true
	default:
		return isTransientStatus(failed.Status)
	}
}

func isTransientStatus(status int) bool {
	return status >= http.StatusInternalServerError || status == http.StatusTooManyRequests
}
