package tickets

import "encoding/binary"

// byteReader takes big-endian values off the front of rest. A value that is not
// all there is given as zero, and isDone will say so.
type byteReader struct {
	rest []byte
	cut  bool
}

// isDone tells whether everything was there and nothing is left.
func (r *byteReader) isDone() bool { return !r.cut && len(r.rest) == 0 }

func (r *byteReader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *byteReader) uint16() uint16 {
	if b := r.take(2); b != nil {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

func (r *byteReader) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

// text returns a string with its length in two bytes before it.
func (r *byteReader) text() string { return string(r.take(int(r.uint16()))) }

// take returns the next n bytes, or nil when fewer are left.
func (r *byteReader) take(n int) []byte {
	if n > len(r.rest) {
		r.cut = true
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}
