package streamcheck

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// errNoRange means that a server does not return the requested part of a file.
var errNoRange = errors.New("the server does not support range requests")

// source reads what a URL delivers, as far as a parser asks for it: the first
// 64 KiB from the first response, other parts with range requests.
type source struct {
	ctx  context.Context //nolint:containedctx // io.ReaderAt takes none.
	look *look
	url  *url.URL // after redirects

	body io.ReadCloser
	head []byte
	// headErr is why head does not grow any more: io.EOF at the end of the file,
	// nil while there is more.
	headErr error

	part      []byte
	partStart int64
}

// ReadAt reads len(p) bytes at an offset. It returns io.EOF if the file ends
// earlier.
func (s *source) ReadAt(p []byte, offset int64) (int, error) {
	end := offset + int64(len(p))
	if end <= maxRequestBytes || errors.Is(s.headErr, io.EOF) {
		s.fill(end)
		if end <= int64(len(s.head)) {
			return copy(p, s.head[offset:]), nil
		}
		return copy(p, s.head[min(offset, int64(len(s.head))):]), s.headErr
	}
	if offset < s.partStart || end > s.partStart+int64(len(s.part)) {
		if err := s.request(offset); err != nil {
			return 0, err
		}
	}
	n := copy(p, s.part[offset-s.partStart:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// fill reads the first response until head has size bytes, or to its end.
func (s *source) fill(size int64) {
	for int64(len(s.head)) < size && s.headErr == nil {
		free := s.head[len(s.head):cap(s.head)]
		if len(free) == 0 {
			grown := make([]byte, len(s.head), min(maxRequestBytes, 2*cap(s.head)+4096))
			copy(grown, s.head)
			s.head = grown
			continue
		}
		n, err := s.body.Read(free)
		s.head = s.head[:len(s.head)+n]
		s.headErr = err
	}
}

// request reads the part of the file that begins at offset.
func (s *source) request(offset int64) error {
	response, err := s.look.get(s.ctx, s.url, fmt.Sprintf("bytes=%d-%d", offset, offset+maxRequestBytes-1))
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	var start int64
	if n, _ := fmt.Sscanf(response.Header.Get("Content-Range"), "bytes %d-", &start); n != 1 || start != offset || response.StatusCode != http.StatusPartialContent {
		if response.StatusCode == http.StatusRequestedRangeNotSatisfiable {
			return io.EOF
		}
		return errNoRange
	}
	part, err := io.ReadAll(io.LimitReader(response.Body, maxRequestBytes))
	s.part, s.partStart = part, offset
	return err
}

// bytesAt returns size bytes at offset.
func (s *source) bytesAt(offset int64, size int) ([]byte, error) {
	data := make([]byte, size)
	n, err := s.ReadAt(data, offset)
	return data[:n], err
}

// first returns the first size bytes, or all if there are fewer.
func (s *source) first(size int) ([]byte, error) {
	data, err := s.bytesAt(0, size)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return data, err
}

// reader returns the part of the stream that the first response delivers.
func (s *source) reader() *io.SectionReader {
	return io.NewSectionReader(s, 0, maxRequestBytes)
}
