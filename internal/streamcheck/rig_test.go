package streamcheck

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/net/http/httpproxy"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// canary is the part of the test URLs that must not be in any text.
const canary = "c4n4ry"

// origin is a server of media. The host media.example.com, and hosts below it,
// lead to it. Every other host goes to the guarded dialer.
type origin struct {
	*httptest.Server

	mu       sync.Mutex
	requests []string
	read     atomic.Int64 // bytes that clients have read
}

// meter is a connection that counts what is read from it.
type meter struct {
	net.Conn

	read *atomic.Int64
}

func (m meter) Read(buffer []byte) (int, error) {
	n, err := m.Conn.Read(buffer)
	m.read.Add(int64(n))
	return n, err
}

func newOrigin(t *testing.T, handler http.HandlerFunc) *origin {
	t.Helper()
	o := &origin{}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		o.requests = append(o.requests, strings.TrimSpace(r.URL.Path+" "+r.Header.Get("Range")))
		o.mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(o.Close)
	return o
}

// seen returns the requests so far.
func (o *origin) seen() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.requests)
}

func (o *origin) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if host == "media.example.com" || strings.HasSuffix(host, ".media.example.com") {
		connection, err := (&net.Dialer{}).DialContext(ctx, network, o.Listener.Addr().String())
		return meter{connection, &o.read}, err
	}
	return guardedDialer().DialContext(ctx, network, address)
}

func (o *origin) options() Options { return Options{Clock: clock.System(), Dial: o.dial} }

// newChecker returns a Checker that ignores the environment.
func newChecker(options Options) *Checker {
	if options.Proxies == nil {
		options.Proxies = &httpproxy.Config{}
	}
	return New(options)
}

// look looks once at the origin, with a URL that has secrets.
func (o *origin) look(t *testing.T) []Finding {
	t.Helper()
	return newChecker(o.options()).Look(t.Context(), "http://user:"+canary+"-password@media.example.com/live?token="+canary+"-query")
}

// measure looks at a file of the origin and returns what was found, how many
// bytes were read and how many requests were made.
func (o *origin) measure(t *testing.T, file string) (found []Finding, read int64, requests int) {
	t.Helper()
	target, err := url.Parse("http://media.example.com/" + file + "?token=" + canary)
	if err != nil {
		t.Fatal(err)
	}
	l := newLook(newChecker(o.options()))
	found = l.inspect(t.Context(), target, "The URL", 0)
	return found, o.read.Swap(0), l.requests
}

// summary returns the summary of each finding, and its kind, and fails the test if
// a text has the canary.
func summary(t *testing.T, found []Finding) string {
	t.Helper()
	var all []string
	for _, f := range found {
		kind := "warns"
		if f.Fails {
			kind = "fails"
		}
		all = append(all, kind+" "+f.Summary)
		if strings.Contains(f.Text, canary) || strings.Contains(f.Text, "%!") || !strings.HasSuffix(f.Text, ".") {
			t.Errorf("text = %q", f.Text)
		}
	}
	return strings.Join(all, ", ")
}

func expect(t *testing.T, found []Finding, want string) {
	t.Helper()
	if got := summary(t, found); got != want {
		t.Errorf("findings = %q, want %q\n%v", got, want, found)
	}
}

// serveFile serves the test media, with ranges.
func serveFile(w http.ResponseWriter, r *http.Request) {
	http.ServeFile(w, r, path.Join("testdata", path.Base(r.URL.Path)))
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(path.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// raw hands the connection of a request to respond, and closes it.
func raw(t *testing.T, respond func(net.Conn)) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = connection.Close() }()
		respond(connection)
	}
}

// serve responds to every request with a body.
func serve(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write([]byte(body))
	}
}

// redirect responds to every request with a redirect, whatever to is.
func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
}
