package credentials

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// Source gives the key to sign with. It is safe for concurrent use and redacts
// itself in every format.
type Source struct {
	origin   string
	retrieve func(context.Context) (cloudapi.Credential, error)
}

// Retrieve returns a key that is valid now. A static key is there at once. A
// temporary one is cached; past 80 % of its life it is renewed first, by one
// flight of at most 30 seconds that all callers wait for together. It outlives
// the caller that began it while others wait, and ends when nobody does.
//
// The error is a *SourceError: the renewal's, even while the key at hand would
// still be good, or that of ctx.
func (s *Source) Retrieve(ctx context.Context) (cloudapi.Credential, error) {
	return s.retrieve(ctx)
}

// Format writes a fixed text, whatever the verb.
func (*Source) Format(state fmt.State, _ rune) { _, _ = state.Write([]byte("credentials.Source")) }

// LogValue returns where the key comes from.
func (s *Source) LogValue() slog.Value { return slog.StringValue(s.origin) }

func staticSource(origin string, credential cloudapi.Credential) *Source {
	return &Source{origin: origin, retrieve: func(context.Context) (cloudapi.Credential, error) { return credential, nil }}
}

// temporarySource caches what fetch returns. describe turns the error of a
// caller's context into a *SourceError.
func temporarySource(
	origin string, describe func(error) error, timer clock.Clock, fetch func(context.Context) (temporary, error),
) *Source {
	kept := &cache{describe: describe, clock: timer, fetch: fetch}
	return &Source{origin: origin, retrieve: kept.retrieve}
}
