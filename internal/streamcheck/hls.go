package streamcheck

import (
	"bytes"
	"context"
	"strings"
)

// parsePlaylist reads a playlist up to its first URI: the first variant of a
// master playlist, or the initialization section or else the first segment of a
// media playlist.
func parsePlaylist(text string) (uri string, encrypted bool) {
	for line := range strings.Lines(text) {
		// The last line may be cut.
		complete := strings.HasSuffix(line, "\n")
		line = strings.TrimSpace(line)
		tag, attributes, _ := strings.Cut(line, ":")
		switch {
		case tag == "#EXT-X-KEY":
			encrypted = !strings.Contains(attributes, "METHOD=NONE")
		case tag == "#EXT-X-MAP" && complete:
			if _, value, found := strings.Cut(attributes, `URI="`); found {
				uri, _, _ = strings.Cut(value, `"`)
			}
		case line == "" || strings.HasPrefix(line, "#") || !complete:
		case uri == "":
			return line, encrypted
		default:
			return uri, encrypted
		}
	}
	return uri, encrypted
}

// inspectPlaylist reads a playlist and inspects what its first URI delivers.
func (l *look) inspectPlaylist(ctx context.Context, s *source, subject string, playlists int) []Finding {
	text, err := s.first(maxRequestBytes)
	if err != nil {
		return []Finding{failedRequest(ctx, subject, err)}
	}
	isCut := len(text) == maxRequestBytes
	if !isCut {
		text = append(text, '\n')
	}
	uri, encrypted := parsePlaylist(strings.TrimPrefix(string(text), byteOrderMark))
	next, err := s.url.Parse(uri)
	switch {
	case encrypted:
		return []Finding{warns("encryption", "%s is an HLS playlist with encrypted segments. The service does not document encryption. Use a stream that is not encrypted.", subject)}
	case uri == "" && isCut:
		return []Finding{warns("not checked", "%s is an HLS playlist that names no media in its first %d KiB. The rest was not read. Test the stream with a player.", subject, maxRequestBytes>>10)}
	case uri == "":
		return []Finding{fails("playlist without media", "%s is an HLS playlist without media. Check that the source is live.", subject)}
	case err != nil || playlists > 1 || next.Host == "" || next.Scheme != "http" && next.Scheme != "https":
		return []Finding{warns("playlist without URL of media", "%s is an HLS playlist whose first entry is not the http or https URL of media. Test the stream with a player.", subject)}
	}
	if next.Host != s.url.Host {
		next.User = nil
	}
	variants := bytes.Count(text, []byte("#EXT-X-STREAM-INF"))
	subject = "The first segment of the HLS playlist"
	if variants > 0 {
		subject = "The first variant of the HLS playlist"
	}
	found := l.inspect(ctx, next, subject, playlists+1)
	if variants > 1 {
		for i := range found {
			found[i].Fails = false // The service may play another variant.
		}
	}
	return found
}
