package streamcheck

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/binary"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
)

// endless writes chunk until the client closes the connection.
func endless(w io.Writer, chunk string) {
	for written := 0; written < 1<<30; written += len(chunk) {
		if _, err := io.WriteString(w, chunk); err != nil {
			return
		}
	}
}

func TestLook_EndlessBody(t *testing.T) {
	t.Parallel()
	block := strings.Repeat("\x00", 64<<10)
	cases := map[string]struct{ start, chunk, want string }{
		"nothing known":         {"", block, "warns unknown format"},
		"text":                  {"", strings.Repeat("live ", 10<<10), "warns unknown format"},
		"web page":              {"<html>", block, "fails web page"},
		"gzip bomb":             {"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff", block, "warns unknown format"},
		"playlist of playlists": {"#EXTM3U\n#EXTINF:1,\n/live\n", strings.Repeat("#EXTINF:1,\n/live\n", 1<<10), "warns playlist without URL of media"},
		"playlist of comments":  {"#EXTM3U\n", strings.Repeat("# nothing\n", 1<<10), "warns not checked"},
		"playlist of one line":  {"#EXTM3U\n", strings.Repeat("x", 64<<10), "warns not checked"},
		"FLV of empty tags":     {"FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00", strings.Repeat("\x12\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0b", 1<<10), "warns unknown codecs"},
		"MP4 of empty boxes":    {"\x00\x00\x00\x08ftyp", strings.Repeat("\x00\x00\x00\x08free", 1<<10), "warns unknown codecs"},
		"MPEG-TS of no program": {"", strings.Repeat(tsPacket("\x47\x1f\xff\x10"), 1<<8), "warns unknown codecs"},
		"MKV of Void elements":  {"\x1aE\xdf\xa3\x80\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff", strings.Repeat("\xec\x80", 1<<10), "warns unknown codecs"},
		"MKV of a huge string":  {"\x1aE\xdf\xa3\x08\x00\x00\x00\x0f\xff\xff\xff\xff\x42\x82\x08\x00\x00\x00\x0f\xff\xff\xf0", block, "warns unknown codecs"},
		"Ogg of first pages":    {"", strings.Repeat("OggS\x00\x02"+strings.Repeat("\x00", 20)+"\x00", 1<<8), "warns Ogg, warns no known track"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newOrigin(t, func(w http.ResponseWriter, r *http.Request) {
				if got := r.Header.Get("Accept-Encoding"); got != "" {
					t.Errorf("Accept-Encoding = %q, want none", got)
				}
				if strings.HasPrefix(c.start, "\x1f\x8b") {
					w.Header().Set("Content-Encoding", "gzip") // The body is not decompressed.
				}
				_, _ = io.WriteString(w, c.start)
				endless(w, c.chunk)
			})
			found, read, requests := server.measure(t, "live")
			expect(t, found, c.want)
			if limit := int64(requests) * (maxRequestBytes + maxHeaderBytes); read > limit {
				t.Errorf("%d bytes were read in %d requests, want %d at most", read, requests, limit)
			}
		})
	}
}

func TestLook_EndlessHeader(t *testing.T) {
	t.Parallel()
	server := newOrigin(t, raw(t, func(connection net.Conn) {
		_, _ = io.WriteString(connection, "HTTP/1.1 200 OK\r\n")
		endless(connection, "X-"+canary+": "+strings.Repeat("x", 1<<10)+"\r\n")
	}))
	found, read, _ := server.measure(t, "live")
	expect(t, found, "warns incomplete HTTP response")
	if read > 2*maxHeaderBytes {
		t.Errorf("%d bytes were read", read)
	}
}

// TestLook_MoovLast reads the description of an MP4 file behind its media, in
// two parts with range requests.
func TestLook_MoovLast(t *testing.T) {
	t.Parallel()
	file := readFile(t, "moov-last.mp4")
	free := func(size int) []byte {
		return append(binary.BigEndian.AppendUint32(nil, uint32(size)), append([]byte("free"), make([]byte, size-8)...)...)
	}
	tracks := bytes.Index(file, []byte("moov")) + 4
	second := tracks + bytes.LastIndex(file[tracks:], []byte("trak")) - 4
	// Both tracks are far from the beginning, and from each other.
	file = slices.Concat(file[:tracks-8], free(300<<10), binary.BigEndian.AppendUint32(nil, uint32(200<<10+len(file)-tracks+8)), []byte("moov"), file[tracks:second], free(200<<10), file[second:])
	server := newOrigin(t, func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "x.mp4", time.Time{}, bytes.NewReader(file))
	})
	found, read, requests := server.measure(t, "moov-last.mp4")
	expect(t, found, "")
	if requests != 3 || read > 3*(maxRequestBytes+4096) {
		t.Errorf("%d bytes of %d in %d requests, want 3 requests: %v", read, len(file), requests, server.seen())
	}
}

// TestLook_ManyRanges checks the limits of a file whose boxes are far apart, on
// a server that sends more than what is requested.
func TestLook_ManyRanges(t *testing.T) {
	t.Parallel()
	const box = "\x00\x02\x00\x00free"
	server := newOrigin(t, func(w http.ResponseWriter, r *http.Request) {
		if text, ranged := strings.CutPrefix(r.Header.Get("Range"), "bytes="); ranged {
			first, _, _ := strings.Cut(text, "-")
			w.Header().Set("Content-Range", "bytes "+first+"-/"+strconv.Itoa(1<<30))
			w.WriteHeader(http.StatusPartialContent)
		}
		endless(w, box+strings.Repeat("\x00", 128<<10-len(box)))
	})
	found, read, _ := server.measure(t, "live.mp4")
	expect(t, found, "warns not checked")
	if sent := len(server.seen()); sent < maxRequests-4 || sent > maxRequests || read > 2<<20 {
		t.Errorf("%d bytes in %d requests", read, sent)
	}
}

// TestLook_SlowBytes lets the deadline of a look pass while a server sends one
// byte after another, or nothing.
func TestLook_SlowBytes(t *testing.T) {
	t.Parallel()
	for name, beginning := range map[string]string{"nothing": "", "header": "HTTP/1.1 200 OK\r\n", "body": "HTTP/1.1 200 OK\r\n\r\nFLV\x01\x05"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := clocktest.New(time.Unix(1e9, 0))
			server := newOrigin(t, raw(t, func(connection net.Conn) {
				_, _ = io.WriteString(connection, beginning)
				fake.Advance(maxLook)
				_, _ = connection.Read(make([]byte, 1)) // until the client closes
			}))
			options := server.options()
			options.Clock = fake
			expect(t, newChecker(options).Look(t.Context(), "http://media.example.com/live"), "warns timeout")
		})
	}
}

func TestLook_Redirects(t *testing.T) {
	t.Parallel()
	// A server in the private network, which must not be contacted.
	private := newOrigin(t, serve("private"))
	_, port, _ := net.SplitHostPort(private.Listener.Addr().String())
	cases := map[string]struct {
		to, want string
		requests int
	}{
		"loopback":                   {"http://127.0.0.1:" + port, "warns private address", 1},
		"loopback, full-width":       {"http://１２７.０.０.１:" + port, "warns private address", 1},
		"localhost":                  {"http://localhost:" + port, "warns private address", 1},
		"metadata":                   {"http://169.254.169.254/latest/", "warns private address", 1},
		"metadata, NAT64":            {"http://[64:ff9b::a9fe:a9fe]/latest/", "warns private address", 1},
		"zone that repeats a secret": {"http://[fe80::1%25" + canary + "]/", "warns private address", 1},
		"single label":               {"http://intranet/", "warns private address", 1},
		"internal":                   {"http://metadata.google.internal/", "warns private address", 1},
		"file":                       {"file:///etc/passwd", "warns redirect to another scheme", 1},
		"RTMP":                       {"rtmp://media.example.com/live", "warns redirect to another scheme", 1},
		"itself":                     {"/live", "warns too many redirects", 6},
		"not a URL":                  {"http://[" + canary, "warns incomplete HTTP response", 1},
		"host that repeats a secret": {"http://" + canary + ".invalid/", "warns unknown host", 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newOrigin(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Referer() != "" {
					t.Errorf("Referer = %q, want none", r.Referer())
				}
				redirect(c.to)(w, r)
			})
			expect(t, server.look(t), c.want)
			if got := len(server.seen()); got != c.requests {
				t.Errorf("%d requests, want %d", got, c.requests)
			}
			if c.want == "warns private address" {
				expect(t, newOrigin(t, serve("#EXTM3U\n#EXTINF:1,\n"+c.to+"\n")).look(t), c.want)
			}
			if got := private.seen(); len(got) > 0 {
				t.Errorf("requests to the private server: %v", got)
			}
		})
	}
}

// TestLook_Credentials checks that user and password stay with their host.
func TestLook_Credentials(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"media.example.com", "other.media.example.com"} {
		for name, handler := range map[string]http.HandlerFunc{
			"redirect": redirect("http://evil:" + canary + "@" + host + "/next"),
			"playlist": serve("#EXTM3U\n#EXTINF:1,\nhttp://evil:" + canary + "@" + host + "/next\n"),
		} {
			t.Run(name+" to "+host, func(t *testing.T) {
				t.Parallel()
				var next http.Header
				server := newOrigin(t, func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path != "/next" {
						if user, _, ok := r.BasicAuth(); !ok || user != "user" {
							t.Errorf("the first request has user %q", user)
						}
						w.Header().Set("Set-Cookie", "session="+canary)
						handler(w, r)
						return
					}
					next = r.Header
					serve("FLV")(w, r)
				})
				expect(t, server.look(t), "warns unknown format")
				if cookie := next.Get("Cookie"); cookie != "" {
					t.Errorf("Cookie = %q", cookie)
				}
				if got := next.Get("Authorization"); got != "" && host != "media.example.com" {
					t.Errorf("Authorization = %q", got)
				}
			})
		}
	}
}

// TestLook_Rebinding checks a public name that resolves to a private address when
// the connection is made.
func TestLook_Rebinding(t *testing.T) {
	t.Parallel()
	private := newOrigin(t, serve("private"))
	checker := newChecker(Options{Clock: clock.System(), Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return guardedDialer().DialContext(ctx, network, private.Listener.Addr().String())
	}})
	for _, scheme := range []string{"http", "https", "rtmp"} {
		found := checker.Look(t.Context(), scheme+"://rebind.example.com/live")
		expect(t, found, "warns private address")
		if !strings.Contains(found[0].Text, "127.0.0.1") {
			t.Errorf("text = %q, want the address", found[0].Text)
		}
	}
	if got := private.seen(); len(got) > 0 {
		t.Errorf("requests to the private server: %v", got)
	}
}

func TestLook_TLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(serveFile))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	plain := newOrigin(t, serve(""))
	for name, c := range map[string]struct {
		listener net.Listener
		trusted  *x509.CertPool
		want     string
	}{
		"trusted certificate":   {server.Listener, server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, "fails H.265 video"},
		"untrusted certificate": {server.Listener, x509.NewCertPool(), "warns failed TLS handshake"},
		"no TLS":                {plain.Listener, nil, "warns failed TLS handshake"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLook(newChecker(Options{Clock: clock.System(), Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, c.listener.Addr().String())
			}}))
			l.direct.TLSClientConfig.RootCAs = c.trusted
			target := &url.URL{Scheme: "https", Host: "example.com", Path: "/h265.ts"}
			expect(t, l.inspect(t.Context(), target, "The URL", 0), c.want)
		})
	}
}
