package streamcheck

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// inspect requests target and returns what is wrong with the response. subject
// names target in texts. playlists is how many playlists led to it.
func (l *look) inspect(ctx context.Context, target *url.URL, subject string, playlists int) []Finding {
	response, err := l.get(ctx, target, "")
	if err != nil {
		return []Finding{l.unanswered(ctx, subject, err)}
	}
	defer func() { _ = response.Body.Close() }()
	if found := badStatus(subject, response.StatusCode); found != nil {
		return found
	}
	s := &source{ctx: ctx, look: l, url: response.Request.URL, body: response.Body}
	head, err := s.first(512)
	switch {
	case err != nil:
		return []Finding{l.unanswered(ctx, subject, err)}
	case len(head) == 0:
		return []Finding{fails(Empty, "%s returned an empty response. Check that the source is live and that the file is not empty.", subject)}
	case isPlaylist(head):
		return l.inspectPlaylist(ctx, s, subject, playlists)
	}
	found, err := s.identify(head)
	switch {
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, errNoRange) && !errors.Is(err, errNotMedia):
		return []Finding{l.unanswered(ctx, subject, err)}
	case found == nil && err == nil:
		return []Finding{unrecognized(subject, head)}
	case err != nil:
		return []Finding{warns(Incomplete, "%s delivers a stream whose codecs could not be read: the part that was requested does not contain their description. An MP4 file has it at the end unless it was written with -movflags +faststart. Test the stream with a player.", subject)}
	default:
		return found.judge(subject, playlists > 0)
	}
}

// badStatus returns a finding for an HTTP status that is not a success.
func badStatus(subject string, status int) []Finding {
	switch status {
	case http.StatusOK, http.StatusPartialContent:
		return nil
	case http.StatusNoContent:
		return []Finding{fails(Empty, "%s returned HTTP status 204, an empty response. Check that the source is live.", subject)}
	case http.StatusNotFound, http.StatusGone:
		return []Finding{fails(HTTPStatus, "%s returned HTTP status %d: the stream does not exist. Correct the URL, or start the source first.", subject, status)}
	case http.StatusUnauthorized, http.StatusForbidden:
		return []Finding{warns(HTTPStatus, "%s returned HTTP status %d: access is denied. Check the signature of the URL, and rules of the server about addresses, countries and Referer.", subject, status)}
	default:
		return []Finding{warns(HTTPStatus, "%s returned HTTP status %d. Check the server, and try again.", subject, status)}
	}
}

// unrecognized returns the finding for a response that begins like no container
// that this package knows.
func unrecognized(subject string, head []byte) Finding {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	kind := http.DetectContentType(head)
	isText := strings.HasPrefix(kind, "text/")
	switch {
	case isText && bytes.Contains(head, []byte("<MPD")):
		return fails(DASH, "%s returned an MPEG-DASH manifest, which the service does not document. Use the HLS, FLV or RTMP URL of the stream.", subject)
	case strings.HasPrefix(kind, "text/html"), isText && bytes.Contains(bytes.ToLower(head), []byte("<html")):
		return fails(WebPage, "%s returned a web page. Use the URL of the stream itself, not of the page with the player.", subject)
	// The signatures of other images are so short that media can begin with them.
	case slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp"}, kind):
		return fails(Image, "%s returned an image. Use the URL of a video or audio stream.", subject)
	case kind == "application/octet-stream" || isText:
		return warns(Unrecognized, "%s returned data that does not begin like a container that the service documents: FLV, MP3, MP4, MPEG-TS, MOV, MKV, M4A or HLS. Test the stream with a player.", subject)
	default:
		return warns(Unrecognized, "%s returned data of type %s. The service documents the containers FLV, MP3, MP4, MPEG-TS, MOV, MKV, M4A and HLS. Convert the stream to such a container.", subject, kind)
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
		return readOgg(s)
	case isMPEGTS(head):
		return readMPEGTS(s)
	default:
		return readAudio(s, head)
	}
}
