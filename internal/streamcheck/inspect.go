package streamcheck

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// documentedContainers names the containers that the service documents.
const documentedContainers = "FLV, MP3, MP4, MPEG-TS, MOV, MKV, M4A and HLS"

// byteOrderMark precedes the text in files of some editors.
const byteOrderMark = "\xef\xbb\xbf"

// errUnreadable means that data breaks the rules of its container, or that the
// server does not return the requested part of it.
var errUnreadable = errors.New("the data cannot be read")

// isUnreadable reports whether err means that a response came, but not what a
// parser looks for.
func isUnreadable(err error) bool { return errors.Is(err, errUnreadable) || errors.Is(err, io.EOF) }

// inspect requests target and returns what is wrong with the response. subject
// names target in texts. playlists is how many playlists led to it.
func (l *look) inspect(ctx context.Context, target *url.URL, subject string, playlists int) []Finding {
	response, err := l.get(ctx, target, "")
	if err != nil {
		return []Finding{failedRequest(ctx, subject, err)}
	}
	defer func() { _ = response.Body.Close() }()
	if found := badStatus(subject, response.StatusCode); found != nil {
		return found
	}
	s := &source{ctx: ctx, look: l, url: response.Request.URL, body: bufio.NewReaderSize(response.Body, maxRequestBytes)}
	head, err := s.first(1 << 10)
	head = bytes.TrimPrefix(head, []byte(byteOrderMark))
	switch {
	case err != nil:
		return []Finding{failedRequest(ctx, subject, err)}
	case len(head) == 0:
		return []Finding{fails("empty response", "%s returned an empty response. Check that the source is live and that the file is not empty.", subject)}
	case bytes.HasPrefix(head, []byte("#EXTM3U")):
		return l.inspectPlaylist(ctx, s, subject, playlists)
	}
	found, err := s.identify(head)
	switch {
	case isUnreadable(err):
		return []Finding{warns("unknown codecs", "%s delivers a stream whose codecs could not be read: the part that was requested does not contain their description. An MP4 file has it at the end unless it was written with -movflags +faststart. Test the stream with a player.", subject)}
	case err != nil:
		return []Finding{failedRequest(ctx, subject, err)}
	case found == nil:
		return []Finding{unrecognized(subject, head)}
	default:
		return found.judge(subject, playlists > 0)
	}
}

// badStatus returns a finding for an HTTP status that is not a success.
func badStatus(subject string, status int) []Finding {
	summary := fmt.Sprintf("HTTP status %d", status)
	switch status {
	case http.StatusOK, http.StatusPartialContent, http.StatusNoContent:
		return nil
	case http.StatusNotFound, http.StatusGone:
		return []Finding{fails(summary, "%s returned HTTP status %d: the stream does not exist. Correct the URL, or start the source first.", subject, status)}
	case http.StatusUnauthorized, http.StatusForbidden:
		return []Finding{warns(summary, "%s returned HTTP status %d: access is denied. Check the signature of the URL, and rules of the server about addresses, countries and Referer.", subject, status)}
	default:
		return []Finding{warns(summary, "%s returned HTTP status %d. Check the server, and try again.", subject, status)}
	}
}

// unrecognized returns the finding for a response that begins like no container
// that this package knows.
func unrecognized(subject string, head []byte) Finding {
	kind := http.DetectContentType(head)
	isText := strings.HasPrefix(kind, "text/")
	data := "data of type " + kind
	if kind == "application/octet-stream" {
		data = "data of an unknown type"
	}
	switch {
	case isText && bytes.Contains(head, []byte("<MPD")):
		return fails("MPEG-DASH", "%s returned an MPEG-DASH manifest, which the service does not document. Use the HLS, FLV or RTMP URL of the stream.", subject)
	case strings.HasPrefix(kind, "text/html"), isText && bytes.Contains(bytes.ToLower(head), []byte("<html")):
		return fails("web page", "%s returned a web page. Use the URL of the stream itself, not of the page with the player.", subject)
	// The signatures of other images are so short that media can begin with them.
	case slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp"}, kind):
		return fails("image", "%s returned an image. Use the URL of a video or audio stream.", subject)
	default:
		return warns("unknown format", "%s returned %s. The service documents the containers "+documentedContainers+". Test the stream with a player.", subject, data)
	}
}

// identify returns the media that begins with head, or nil if it is none that
// this package knows.
func (s *source) identify(head []byte) (*media, error) {
	box := ""
	if len(head) >= 8 {
		box = string(head[4:8])
	}
	switch {
	case bytes.HasPrefix(head, []byte("FLV\x01")):
		return readFLV(s)
	case slices.Contains([]string{"ftyp", "styp", "moov", "mdat", "free", "skip", "wide", "pnot"}, box):
		return readMP4(s)
	case bytes.HasPrefix(head, []byte("\x1aE\xdf\xa3")):
		return readMatroska(s)
	case bytes.HasPrefix(head, []byte("OggS")):
		return readOgg(head)
	case packetStart(head) >= 0:
		return readMPEGTS(s, packetStart(head))
	default:
		return readAudio(s, head)
	}
}

// source reads what a URL delivers, as far as a parser asks for it: the first
// 64 KiB from the first response, other parts with range requests.
type source struct {
	ctx  context.Context //nolint:containedctx // io.ReaderAt takes none.
	look *look
	url  *url.URL // after redirects
	body *bufio.Reader

	part      []byte
	partStart int64
}

// ReadAt reads len(p) bytes at an offset. It returns io.EOF if the file ends
// earlier.
func (s *source) ReadAt(p []byte, offset int64) (int, error) {
	end := offset + int64(len(p))
	// Peek reads no more than it returns and waits for no more.
	head, err := s.body.Peek(int(min(end, maxRequestBytes)))
	switch {
	case err != nil:
		return copy(p, head[min(offset, int64(len(head))):]), err
	case end <= maxRequestBytes:
		return copy(p, head[offset:]), nil
	case offset < s.partStart || end > s.partStart+int64(len(s.part)):
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

// request reads the part of the file that begins at offset.
func (s *source) request(offset int64) error {
	response, err := s.look.get(s.ctx, s.url, fmt.Sprintf("bytes=%d-%d", offset, offset+maxRequestBytes-1))
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	var start int64
	n, _ := fmt.Sscanf(response.Header.Get("Content-Range"), "bytes %d-", &start)
	if response.StatusCode != http.StatusPartialContent || n != 1 || start != offset {
		return errUnreadable
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
