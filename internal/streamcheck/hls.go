package streamcheck

import (
	"bytes"
	"context"
	"strings"
)

// playlist is what this package needs of an HLS playlist.
type playlist struct {
	// uri is the first variant of a master playlist, or the initialization
	// section or else the first segment of a media playlist.
	uri       string
	isMaster  bool
	encrypted bool
}

// isPlaylist reports whether a response that begins with head is an HLS
// playlist.
func isPlaylist(head []byte) bool {
	return bytes.HasPrefix(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), []byte("#EXTM3U"))
}

// parsePlaylist reads a playlist up to its first URI.
func parsePlaylist(text string) playlist {
	var p playlist
	for line := range strings.Lines(text) {
		// The last line may be cut.
		complete := strings.HasSuffix(line, "\n")
		line = strings.TrimSpace(line)
		tag, attributes, _ := strings.Cut(line, ":")
		switch {
		case tag == "#EXT-X-STREAM-INF":
			p.isMaster = true
		case tag == "#EXT-X-KEY":
			p.encrypted = !strings.Contains(attributes, "METHOD=NONE")
		case tag == "#EXT-X-MAP" && complete:
			if _, uri, found := strings.Cut(attributes, `URI="`); found {
				p.uri, _, _ = strings.Cut(uri, `"`)
			}
		case line == "" || strings.HasPrefix(line, "#") || !complete:
		case p.uri == "":
			p.uri = line
			return p
		default:
			return p
		}
	}
	return p
}

// inspectPlaylist reads a playlist and inspects what its first URI delivers.
func (l *look) inspectPlaylist(ctx context.Context, s *source, subject string, playlists int) []Finding {
	text, err := s.first(maxRequestBytes)
	if err != nil {
		return []Finding{l.unanswered(ctx, subject, err)}
	}
	isCut := len(text) == maxRequestBytes
	if !isCut {
		text = append(text, '\n')
	}
	p := parsePlaylist(string(text))
	if p.encrypted {
		return []Finding{warns(Encrypted, "%s is an HLS playlist with encrypted segments. The service does not document encryption. Use a stream that is not encrypted.", subject)}
	}
	next, err := s.url.Parse(p.uri)
	switch {
	case p.uri == "" && isCut:
		return []Finding{warns(PlaylistCut, "%s is an HLS playlist that names no media in its first %d KiB. The rest was not read. Test the stream with a player.", subject, maxRequestBytes>>10)}
	case p.uri == "":
		return []Finding{fails(NoMedia, "%s is an HLS playlist without media. Check that the source is live.", subject)}
	case err != nil || playlists > 1:
		return []Finding{warns(Unrecognized, "%s is an HLS playlist whose first entry is not the URL of media. Test the stream with a player.", subject)}
	case next.Scheme != "http" && next.Scheme != "https" || next.Host == "":
		return []Finding{warns(RedirectScheme, "%s is an HLS playlist whose first entry is not an http or https URL. Use http or https URLs in the playlist.", subject)}
	}
	if next.Host != s.url.Host {
		next.User = nil
	}
	_ = s.body.Close()
	subject = "The first segment of the HLS playlist"
	if p.isMaster {
		subject = "The first variant of the HLS playlist"
	}
	found := l.inspect(ctx, next, subject, playlists+1)
	if bytes.Count(text, []byte("#EXT-X-STREAM-INF")) > 1 {
		for i := range found {
			found[i].Fails = false // The service may play another variant.
		}
	}
	return found
}
