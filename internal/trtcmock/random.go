package trtcmock

import (
	cryptorand "crypto/rand"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
)

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// cryptoSource is a rand.Source fed by the operating system.
type cryptoSource struct{}

func (cryptoSource) Uint64() uint64 {
	var raw [8]byte
	// crypto/rand.Read never returns an error; it ends the process instead.
	_, _ = cryptorand.Read(raw[:])
	return binary.BigEndian.Uint64(raw[:])
}

// generator makes the identifiers that the API hands out.
type generator struct{ rand *rand.Rand }

func newGenerator(source rand.Source) generator {
	return generator{rand: rand.New(source)} //nolint:gosec // the default source is crypto/rand
}

// text returns length random letters and digits.
func (g generator) text(length int) string {
	raw := make([]byte, length)
	for i := range raw {
		raw[i] = alphanumeric[g.rand.IntN(len(alphanumeric))]
	}
	return string(raw)
}

// taskID returns 64 to 119 characters that include each of "+", "-", "." and
// "_": a caller that escapes or splits task ids is found out by every task.
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
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], g.rand.Uint64())
	binary.BigEndian.PutUint64(raw[8:], g.rand.Uint64())
	raw[6] = raw[6]&0x0f | 0x40
	raw[8] = raw[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", raw[:4], raw[4:6], raw[6:8], raw[8:10], raw[10:])
}
