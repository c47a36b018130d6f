package streamcheck

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
)

// FuzzMedia reads the bytes of a file as a response of a server that supports
// ranges, and of one that does not.
func FuzzMedia(f *testing.F) {
	for _, file := range mediaFiles {
		f.Add(readFile(f, file.name), true)
	}
	f.Add([]byte(twoAudioTracks), false)
	f.Add([]byte("#EXTM3U\n#EXT-X-MAP:URI=\"init.mp4\"\n#EXT-X-KEY:METHOD=NONE\r\nx\r\n"), false)
	f.Fuzz(func(t *testing.T, data []byte, ranges bool) {
		server := fixed{data: data, ranges: ranges}
		l := newLook(newChecker(Options{Clock: clock.System()}))
		l.client.Transport = &server
		// The recover of Checker.look is not here, so a panic is found.
		found := l.inspect(context.Background(), &url.URL{Scheme: "http", Host: "media.example.com", Path: "/live"}, "The URL", 0)
		if server.requests > 3*maxRequests {
			t.Errorf("%d requests", server.requests)
		}
		if len(data) == 0 && (len(found) != 1 || found[0].Summary != "empty response") {
			t.Errorf("findings for an empty response = %v", found)
		}
		for _, finding := range found {
			if strings.Contains(finding.Text, "%!") || len(finding.Text) > 600 || strings.ContainsFunc(finding.Text, func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Errorf("text = %q", finding.Text)
			}
		}
	})
}

// fixed is a RoundTripper that returns the same file for each request.
type fixed struct {
	data     []byte
	ranges   bool
	requests int
}

func (s *fixed) RoundTrip(request *http.Request) (*http.Response, error) {
	s.requests++
	if s.requests > maxRequests {
		return nil, errUnreadable
	}
	recorder := httptest.NewRecorder()
	if s.ranges {
		http.ServeContent(recorder, request, "", clock.System().Now(), bytes.NewReader(s.data))
	} else {
		_, _ = recorder.Write(s.data)
	}
	result := recorder.Result()
	result.Request = request
	return result, nil
}
