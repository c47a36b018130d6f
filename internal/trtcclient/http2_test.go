package trtcclient_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// breakage is how a raw server ends an exchange without an answer.
type breakage struct {
	// ran says that the service runs the call first.
	ran bool
	// end breaks a stream of HTTP/2.
	end func(*http2.Framer, net.Conn, uint32)
}

// breakages are the ways in which HTTP/2 can lose an answer. Over HTTP/1.1 each
// is a reset connection.
func breakages() map[string]breakage {
	ends := map[string]func(*http2.Framer, net.Conn, uint32){
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
		ends["RST_STREAM "+code.String()] = func(framer *http2.Framer, _ net.Conn, stream uint32) { _ = framer.WriteRSTStream(stream, code) }
	}
	all := map[string]breakage{}
	for name, end := range ends {
		all[name+" before it ran"] = breakage{end: end}
		all[name+" after it ran"] = breakage{end: end, ran: true}
	}
	return all
}

// rawServer speaks HTTP/2 and HTTP/1.1 over TLS, frame by frame, and breaks off
// where its script says so.
type rawServer struct {
	listener net.Listener
	group    sync.WaitGroup

	mu          sync.Mutex
	connections []net.Conn
	// broken are the exchanges to come: nil is one that is answered, and the last
	// entry is repeated.
	broken []*breakage
	// arrived and ran count the calls by action.
	arrived, ran map[string]int
}

// newRawServer starts a server that offers protocols, and returns it with a
// transport that trusts it.
func newRawServer(t *testing.T, protocols []string, broken ...*breakage) (*rawServer, *http.Transport) {
	t.Helper()
	source := httptest.NewTLSServer(nil)
	source.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &rawServer{
		listener: tls.NewListener(listener, &tls.Config{Certificates: source.TLS.Certificates, NextProtos: protocols}),
		broken:   broken, arrived: map[string]int{}, ran: map[string]int{},
	}
	server.group.Go(server.accept)
	t.Cleanup(server.close)
	transport := cloudapi.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	transport.TLSClientConfig.RootCAs = x509.NewCertPool()
	transport.TLSClientConfig.RootCAs.AddCert(source.Certificate())
	return server, transport
}

func (s *rawServer) close() {
	_ = s.listener.Close()
	s.mu.Lock()
	for _, connection := range s.connections {
		_ = connection.Close()
	}
	s.mu.Unlock()
	s.group.Wait()
}

func (s *rawServer) accept() {
	for {
		connection, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.connections = append(s.connections, connection)
		s.mu.Unlock()
		s.group.Go(func() {
			defer func() { _ = connection.Close() }()
			secured := connection.(*tls.Conn)
			if secured.HandshakeContext(context.Background()) != nil {
				return
			}
			if secured.ConnectionState().NegotiatedProtocol == "http/1.1" {
				s.serveHTTP1(secured)
			} else {
				s.serveHTTP2(secured)
			}
		})
	}
}

// next notes a call, and returns how it is broken, nil for an answer.
func (s *rawServer) next(action string) *breakage {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arrived[action]++
	next := s.broken[0]
	if len(s.broken) > 1 {
		s.broken = s.broken[1:]
	}
	if next == nil || next.ran {
		s.ran[action]++
	}
	return next
}

func (s *rawServer) serveHTTP1(connection net.Conn) {
	reader := bufio.NewReader(connection)
	for {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, request.Body)
		if s.next(request.Header.Get("X-TC-Action")) != nil {
			return
		}
		_, _ = io.WriteString(connection, response(goodAnswer))
	}
}

func (s *rawServer) serveHTTP2(connection net.Conn) {
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(connection, preface); err != nil || string(preface) != http2.ClientPreface {
		return
	}
	framer := http2.NewFramer(connection, connection)
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	_ = framer.WriteSettings()
	actions := map[uint32]string{}
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
		case *http2.MetaHeadersFrame:
			for _, field := range frame.RegularFields() {
				if field.Name == "x-tc-action" {
					actions[frame.StreamID] = field.Value
				}
			}
		case *http2.DataFrame:
			if !frame.StreamEnded() {
				continue
			}
			if broken := s.next(actions[frame.StreamID]); broken != nil {
				broken.end(framer, connection, frame.StreamID)
				continue
			}
			var head bytes.Buffer
			_ = hpack.NewEncoder(&head).WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
			_ = framer.WriteHeaders(http2.HeadersFrameParam{StreamID: frame.StreamID, BlockFragment: head.Bytes(), EndHeaders: true})
			_ = framer.WriteData(frame.StreamID, true, []byte(goodAnswer))
		}
	}
}

// callRaw makes one call of a raw server, after a good one when it is warm. It
// returns how many attempts the client knows of.
func callRaw(t *testing.T, server *rawServer, transport *http.Transport, warm bool, run func(context.Context, *trtcclient.Client) error) (int, error) {
	t.Helper()
	var attempts []trtcclient.Attempt
	client := trtcclient.New(trtcclient.Config{
		Endpoint:    cloudapi.Endpoint{Scheme: "https", Host: server.listener.Addr().String()},
		Credentials: canaryKeys(), Transport: transport, Clock: clocktest.New(fakeStart), AttemptTimeout: 5 * time.Second,
		Observe: func(_ context.Context, attempt trtcclient.Attempt) { attempts = append(attempts, attempt) },
	})
	if warm {
		if err := run(t.Context(), client); err != nil {
			t.Fatal(err)
		}
	}
	err := run(t.Context(), client)
	return len(attempts), err
}

// TestBrokenStart loses the answer of a start in every way that HTTP/2 knows:
// the service gets one start, and the error announces that it may have run.
func TestBrokenStart(t *testing.T) {
	t.Parallel()
	for name, broken := range breakages() {
		for offer, protocols := range map[string][]string{"HTTP/2 and HTTP/1.1": {"h2", "http/1.1"}, "HTTP/2 only": {"h2"}} {
			for temper, warm := range map[string]bool{"cold": false, "warm": true} {
				if warm && len(protocols) == 1 {
					continue // Nothing but HTTP/1.1 is spoken to it.
				}
				t.Run(strings.Join([]string{name, offer, temper}, "/"), func(t *testing.T) {
					t.Parallel()
					script, before := []*breakage{&broken}, 0
					if warm {
						script, before = []*breakage{nil, &broken}, 1
					}
					server, transport := newRawServer(t, protocols, script...)
					attempts, err := callRaw(t, server, transport, warm, actions[startAction])
					if failed := mayHaveRun(t, err); failed.Class != trtcclient.NoAnswer {
						t.Errorf("error = %+v, want a lost answer", failed)
					}
					expectClean(t, err)
					if attempts != before+1 {
						t.Errorf("%d attempts, want %d", attempts, before+1)
					}
					arrived := before + 1
					if len(protocols) == 1 {
						arrived = 0
					}
					if got := server.arrived[startAction]; got != arrived {
						t.Errorf("%d starts arrived, want %d", got, arrived)
					}
				})
			}
		}
	}
}

// TestBrokenCall loses answers of the calls that may run twice: each request
// that arrives is an attempt of ours, and the next one succeeds.
func TestBrokenCall(t *testing.T) {
	t.Parallel()
	for name, broken := range breakages() {
		for action, run := range actions {
			if action == startAction {
				continue
			}
			for temper, warm := range map[string]bool{"cold": false, "warm": true} {
				t.Run(strings.Join([]string{name, action, temper}, "/"), func(t *testing.T) {
					t.Parallel()
					script, want := []*breakage{&broken, nil}, 2
					if warm {
						script, want = []*breakage{nil, &broken, nil}, 3
					}
					server, transport := newRawServer(t, []string{"h2", "http/1.1"}, script...)
					attempts, err := callRaw(t, server, transport, warm, run)
					if err != nil || attempts != want || server.arrived[action] != want {
						t.Errorf("error = %v after %d attempts, of which %d arrived, want success after %d", err, attempts, server.arrived[action], want)
					}
				})
			}
		}
	}
}

// TestCallThatIsAlwaysBroken checks that the retry policy alone bounds the
// requests.
func TestCallThatIsAlwaysBroken(t *testing.T) {
	t.Parallel()
	for _, code := range []http2.ErrCode{http2.ErrCodeProtocol, http2.ErrCodeRefusedStream} {
		for action, run := range actions {
			t.Run(fmt.Sprintf("%v/%s", code, action), func(t *testing.T) {
				t.Parallel()
				broken := &breakage{ran: true, end: func(framer *http2.Framer, _ net.Conn, stream uint32) { _ = framer.WriteRSTStream(stream, code) }}
				server, transport := newRawServer(t, []string{"h2", "http/1.1"}, broken)
				attempts, err := callRaw(t, server, transport, false, run)
				_ = mayHaveRun(t, err)
				want := 1 + lostRepeats
				if action == startAction {
					want = 1
				}
				if attempts != want || server.ran[action] != want {
					t.Errorf("%d attempts, and the service ran %d, want %d", attempts, server.ran[action], want)
				}
			})
		}
	}
}

// TestStartsOnClosedConnections sends starts to a server that closes each
// connection after its answer, without announcing it.
func TestStartsOnClosedConnections(t *testing.T) {
	t.Parallel()
	const starts = 400
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	group.Go(func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			group.Go(func() {
				defer func() { _ = connection.Close() }()
				request, err := http.ReadRequest(bufio.NewReader(connection))
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, request.Body)
				_, _ = io.WriteString(connection, response(goodAnswer))
			})
		}
	})
	defer group.Wait()
	defer func() { _ = listener.Close() }()
	client := clientOf(t, "http://"+listener.Addr().String())
	lost := 0
	for range starts {
		if _, err := startTask(t.Context(), client, startInput()); err != nil {
			lost++
			_ = mayHaveRun(t, err)
		}
	}
	if lost != 0 {
		t.Errorf("the answers of %d in %d starts count as lost, want none", lost, starts)
	}
}
