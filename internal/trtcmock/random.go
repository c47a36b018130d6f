package trtcmock

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// generator makes the identifiers that the API returns. It is not safe for
// concurrent use.
type generator struct{ rand *rand.Rand }

func newGenerator(source rand.Source) generator {
	return generator{rand: rand.New(source)} //nolint:gosec // The default source is cryptographic.
}

// text returns random letters and digits.
func (g generator) text(length int) string {
	raw := make([]byte, length)
	for i := range raw {
		raw[i] = alphanumeric[g.rand.IntN(len(alphanumeric))]
	}
	return string(raw)
}

// taskID returns 64 to 119 characters that include "+", "-", "." and "_", so that
// a caller that escapes or splits task IDs fails for every task.
//
// Assumption: probe 32.
func (g generator) taskID() string {
	const shortest, spread = 12, 12
	var id strings.Builder
	for _, separator := range []string{"", "+", "-", ".", "_"} {
		id.WriteString(separator)
		id.WriteString(g.text(shortest + g.rand.IntN(spread)))
	}
	return id.String()
}

// requestID returns a version 4 UUID.
func (g generator) requestID() string {
	return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x",
		g.rand.Uint32(), g.rand.IntN(1<<16), g.rand.IntN(1<<12), g.rand.IntN(1<<12), g.rand.Uint64N(1<<48))
}
