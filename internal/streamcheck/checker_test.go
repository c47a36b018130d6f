package streamcheck

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/http/httpproxy"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
)

func TestLook_OneRequestForEachURL(t *testing.T) {
	t.Parallel()
	server := newOrigin(t, serveFile)
	checker := newChecker(server.options())
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			found := checker.Look(t.Context(), fmt.Sprintf("http://media.example.com/h265.ts?room=%d", i%2))
			if summary(t, found) != "fails H.265 video" {
				t.Errorf("findings = %v", found)
			}
		})
	}
	all.Wait()
	if got := server.seen(); len(got) != 2 {
		t.Errorf("requests = %v, want one for each URL", got)
	}
}

func TestLook_Budget(t *testing.T) {
	t.Parallel()
	fake := clocktest.New(time.Unix(1e9, 0))
	var dials atomic.Int32
	checker := newChecker(Options{Clock: fake, Dial: func(context.Context, string, string) (net.Conn, error) {
		dials.Add(1)
		fake.Advance(9 * time.Second)
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	}})
	for i, want := range []string{"warns failed connection", "warns failed connection", "warns failed connection", "warns timeout", "warns not checked", "warns not checked"} {
		address := fmt.Sprintf("http://media.example.com/%d", i)
		expect(t, checker.Look(t.Context(), address), want)
	}
	if got := dials.Load(); got != 4 {
		t.Errorf("%d connections, want 4", got)
	}
	expect(t, checker.Look(t.Context(), "http://media.example.com/0"), "warns failed connection")
}

// gatedLooks starts looks that last until finish receives a value.
type gatedLooks struct {
	*Checker
	sync.WaitGroup

	clock           *clocktest.Clock
	started, finish chan struct{}
}

func newGatedLooks() *gatedLooks {
	g := &gatedLooks{clock: clocktest.New(time.Unix(1e9, 0)), started: make(chan struct{}), finish: make(chan struct{})}
	g.Checker = newChecker(Options{Clock: g.clock, Dial: func(context.Context, string, string) (net.Conn, error) {
		g.started <- struct{}{}
		<-g.finish
		return nil, errors.New("refused")
	}})
	return g
}

// start starts a look and waits until it requests its URL.
func (g *gatedLooks) start(t *testing.T, name string) {
	t.Helper()
	g.Go(func() {
		expect(t, g.Look(t.Context(), "http://media.example.com/"+name), "warns incomplete HTTP response")
	})
	<-g.started
}

// TestLook_BudgetOfParallelLooks checks that time counts once for looks in
// progress at the same time.
func TestLook_BudgetOfParallelLooks(t *testing.T) {
	t.Parallel()
	looks := newGatedLooks()
	for round := range 3 {
		for i := range 10 {
			looks.start(t, fmt.Sprintf("%d/%d", round, i))
		}
		looks.clock.Advance(9 * time.Second)
		for range 10 {
			looks.finish <- struct{}{}
		}
		looks.Wait()
	}
}

// TestLook_BudgetOfOverlappingLooks checks that time counts while a look is always
// in progress.
func TestLook_BudgetOfOverlappingLooks(t *testing.T) {
	t.Parallel()
	looks := newGatedLooks()
	for i := range 4 {
		looks.Go(func() { looks.Look(t.Context(), fmt.Sprintf("http://media.example.com/%d", i)) })
		<-looks.started
		looks.clock.Advance(5 * time.Second)
		if i > 0 {
			looks.finish <- struct{}{}
		}
		looks.clock.Advance(4 * time.Second)
	}
	expect(t, looks.Look(t.Context(), "http://media.example.com/late"), "warns not checked")
	looks.finish <- struct{}{}
	looks.Wait()
}

func TestLook_Canceled(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	server := newOrigin(t, func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-release
		_, _ = w.Write(readFile(t, "h265.ts"))
	})
	checker := newChecker(server.options())
	const address = "http://media.example.com/live"
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	expect(t, checker.Look(ctx, address), "warns not checked")
	close(release)
	expect(t, checker.Look(t.Context(), address), "fails H.265 video")
	if got := server.seen(); len(got) != 1 {
		t.Errorf("requests = %v, want 1", got)
	}
}

func TestLook_Panic(t *testing.T) {
	t.Parallel()
	checker := newChecker(Options{Clock: panicClock{clock.System()}})
	found := checker.Look(t.Context(), "http://media.example.com/"+canary)
	expect(t, found, "warns not checked")
}

// panicClock panics within a look.
type panicClock struct{ clock.Clock }

func (panicClock) WithTimeout(context.Context, time.Duration) (context.Context, context.CancelFunc) {
	panic(canary) //nolint:forbidigo // The test needs a panic.
}

// TestLook_NoRequest checks that URLs of which InspectURL reports the host, and
// those that are invalid, are not requested.
func TestLook_NoRequest(t *testing.T) {
	t.Parallel()
	checker := newChecker(Options{Clock: clock.System(), Dial: func(_ context.Context, _, address string) (net.Conn, error) {
		t.Errorf("connection to %s", address)
		return nil, errors.New("refused")
	}})
	for _, address := range []string{
		"http://127.0.0.1/", "http://10.1.2.3/", "http://localhost/", "http://media/", "http://media.local/", "http://media.internal/",
		"rtmp://192.168.1.1/live", "http://[::1]/", "http://[fe80::1%25eth0]/", "http://127.1/", "http://１２７.０.０.１/", "ftp://media.example.com/", "/live", "http://[", "",
	} {
		expect(t, checker.Look(t.Context(), address), "")
	}
}

// TestLook_Proxy checks that requests go through the proxy, that the proxy gets
// host names, and that it gets no private address.
func TestLook_Proxy(t *testing.T) {
	t.Parallel()
	proxy := newOrigin(t, func(w http.ResponseWriter, r *http.Request) {
		switch request := r.Method + " " + r.Host; {
		case request == "CONNECT unresolvable.example:443":
			w.WriteHeader(http.StatusForbidden)
		case request != "GET unresolvable.example":
			t.Errorf("the proxy got the request %q", request)
		case r.URL.Path == "/redirect":
			redirect(r.URL.RawQuery)(w, r)
		case r.URL.Path == "/intranet":
			serve("#EXTM3U\nhttp://intranet/live.ts\n")(w, r)
		default:
			serveFile(w, r)
		}
	})
	checker := newChecker(Options{
		Clock:   clock.System(),
		Proxies: &httpproxy.Config{HTTPProxy: proxy.URL, HTTPSProxy: proxy.URL, NoProxy: "direct.example.com"},
		Dial: func(_ context.Context, _, address string) (net.Conn, error) {
			if address != "direct.example.com:80" {
				t.Errorf("direct connection to %s", address)
			}
			return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
		},
	})
	for address, want := range map[string]string{
		"http://unresolvable.example/h265.ts":                    "fails H.265 video",
		"http://unresolvable.example/redirect?http://10.0.0.1/":  "warns private address",
		"http://unresolvable.example/redirect?http://１２７.０.０.１/": "warns private address",
		"http://unresolvable.example/intranet":                   "warns private address",
		"https://unresolvable.example/live":                      "warns not checked",
		"http://direct.example.com/live":                         "warns failed connection",
	} {
		found := checker.Look(t.Context(), address)
		expect(t, found, want)
		if want == "warns failed connection" && !strings.Contains(found[0].Text, "(connection refused)") {
			t.Errorf("text = %q", found[0].Text)
		}
	}
	for _, address := range []string{"http://127.0.0.1:1", "http://user:" + canary + "@proxy.invalid:3128", "ftp://" + canary} {
		unreachable := newChecker(Options{Clock: clock.System(), Proxies: &httpproxy.Config{HTTPProxy: address}})
		expect(t, unreachable.Look(t.Context(), "http://media.example.com/"), "warns not checked")
	}
}

func TestLook_RTMP(t *testing.T) {
	t.Parallel()
	rest := strings.Repeat("\x00", 1536)
	for reply, want := range map[string]string{
		"\x03" + rest: "", "H" + rest: "warns incomplete RTMP handshake",
		"\x03\x00": "warns incomplete RTMP handshake", "": "warns incomplete RTMP handshake",
	} {
		client, server := net.Pipe()
		ended := make(chan struct{})
		go func() {
			defer func() { _ = server.Close() }()
			hello := make([]byte, 1537)
			if _, err := io.ReadFull(server, hello); err != nil || hello[0] != 3 {
				t.Errorf("C0 = %d, %v", hello[0], err)
			}
			_, _ = io.WriteString(server, reply)
			if want == "" {
				if _, err := io.ReadFull(server, hello[1:]); err != nil || string(hello[1:]) != rest {
					t.Errorf("C2 = %q, %v", hello[1:], err)
				}
			}
			close(ended)
		}()
		checker := newChecker(Options{Clock: clock.System(), Dial: func(_ context.Context, _, address string) (net.Conn, error) {
			if address != "media.example.com:1935" {
				t.Errorf("connection to %s", address)
			}
			return client, nil
		}})
		expect(t, checker.Look(t.Context(), "rtmp://media.example.com/live/"+canary), want)
		<-ended
	}
}
