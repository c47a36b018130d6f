package trtcclient_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// breakage ends an HTTP/2 stream without a response. Over HTTP/1.1, each closes the
// connection.
type breakage func(*http2.Framer, net.Conn, uint32)

// breakages returns the ways in which HTTP/2 can lose a response.
func breakages() map[string]breakage {
	all := map[string]breakage{
		"closed": func(_ *http2.Framer, connection net.Conn, _ uint32) { _ = connection.Close() },
		"garbage": func(_ *http2.Framer, connection net.Conn, _ uint32) {
			_, _ = connection.Write(bytes.Repeat([]byte("canary"), 100))
		},
		"GOAWAY before the stream": func(framer *http2.Framer, _ net.Conn, stream uint32) {
			_ = framer.WriteGoAway(max(stream, 2)-2, http2.ErrCodeNo, nil)
		},
		"GOAWAY at the stream": func(framer *http2.Framer, connection net.Conn, stream uint32) {
			_ = framer.WriteGoAway(stream, http2.ErrCodeNo, nil)
			_ = connection.Close()
		},
	}
	for code := http2.ErrCodeNo; code <= http2.ErrCodeHTTP11Required; code++ {
		all["RST_STREAM "+code.String()] = func(framer *http2.Framer, _ net.Conn, stream uint32) { _ = framer.WriteRSTStream(stream, code) }
	}
	return all
}

// rawServer speaks HTTP/2, frame by frame, and HTTP/1.1, and breaks off as in its
// script.
type rawServer struct {
	*httptest.Server

	mu sync.Mutex
	// script has an entry for each request: nil for a response. The last entry is
	// repeated.
	script  []breakage
	arrived int
	streams int // of the requests that arrived over HTTP/2
}

func newRawServer(t *testing.T, script []breakage) *rawServer {
	t.Helper()
	server := &rawServer{script: script}
	server.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if server.next() != nil {
			if connection, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_ = connection.Close()
			}
			return
		}
		_, _ = io.WriteString(w, goodResponse)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}}
	server.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){
		"h2": func(_ *http.Server, connection *tls.Conn, _ http.Handler) { server.serveHTTP2(connection) },
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// next counts a request, and returns how it is broken, or nil.
func (s *rawServer) next() breakage {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arrived++
	next := s.script[0]
	if len(s.script) > 1 {
		s.script = s.script[1:]
	}
	return next
}

func (s *rawServer) serveHTTP2(connection net.Conn) {
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(connection, preface); err != nil || string(preface) != http2.ClientPreface {
		return
	}
	framer := http2.NewFramer(connection, connection)
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	_ = framer.WriteSettings()
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if !frame.IsAck() {
				_ = framer.WriteSettingsAck()
			}
		case *http2.PingFrame:
			if !frame.IsAck() {
				_ = framer.WritePing(true, frame.Data)
			}
		case *http2.DataFrame:
			if !frame.StreamEnded() {
				continue
			}
			s.streams++
			if broken := s.next(); broken != nil {
				broken(framer, connection, frame.StreamID)
				continue
			}
			var head bytes.Buffer
			_ = hpack.NewEncoder(&head).WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
			_ = framer.WriteHeaders(http2.HeadersFrameParam{StreamID: frame.StreamID, BlockFragment: head.Bytes(), EndHeaders: true})
			_ = framer.WriteData(frame.StreamID, true, []byte(goodResponse))
		}
	}
}

// TestHTTP2 loses the response to a call in every way of HTTP/2, on a new connection
// and on one that has served a call. Each request that arrives is an attempt of the
// client, so that its policy alone bounds the requests. A start is never retried, and
// never uses HTTP/2.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	const lost = 8 // attempts of a call that never gets a response
	for name, broken := range breakages() {
		for _, c := range []struct {
			action   string
			warm     bool // A call succeeds before.
			recovers bool // The retry succeeds.
			attempts int
		}{
			{startAction, false, false, 1},
			{startAction, true, false, 1},
			{describeAction, false, true, 2},
			{describeAction, true, true, 2},
			{describeAction, true, false, lost},
		} {
			t.Run(fmt.Sprintf("%s/%s, warm %t, recovers %t", name, c.action, c.warm, c.recovers), func(t *testing.T) {
				t.Parallel()
				script := []breakage{broken}
				if c.warm {
					script = append([]breakage{nil}, script...)
				}
				if c.recovers {
					script = append(script, nil)
				}
				server := newRawServer(t, script)
				transport := cloudapi.NewTransport()
				t.Cleanup(transport.CloseIdleConnections)
				transport.TLSClientConfig.RootCAs = server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
				attempts := 0
				client := trtcclient.New(trtcclient.Config{
					Endpoint:    cloudapi.Endpoint{Scheme: "https", Host: server.Listener.Addr().String()},
					Credentials: canaryKeys(), API: over(transport), Clock: clocktest.New(time.Unix(0, 0)), AttemptTimeout: 5 * time.Second,
					Observe: func(context.Context, trtcclient.Attempt) { attempts++ },
				})
				if c.warm {
					if err := actions[c.action](t.Context(), client); err != nil {
						t.Fatal(err)
					}
				}
				before := server.arrived
				attempts = 0
				err := actions[c.action](t.Context(), client)
				if !c.recovers {
					failed := expectRun(t, err, true)
					if failed.Class != trtcclient.NoAnswer {
						t.Errorf("error = %+v, want a lost response", failed)
					}
					expectNoCanary(t, err)
				} else if err != nil {
					t.Error(err)
				}
				if c.action == startAction && server.streams > 0 {
					t.Error("a start arrived over HTTP/2")
				}
				if arrived := server.arrived - before; attempts != c.attempts || arrived != c.attempts {
					t.Errorf("%d attempts, of which %d arrived, want %d", attempts, arrived, c.attempts)
				}
			})
		}
	}
}
