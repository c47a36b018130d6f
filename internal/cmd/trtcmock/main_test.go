package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// running starts the program and returns the address that it prints, and a
// function that ends it and returns the rest of its output and its error.
func running(t *testing.T, args ...string) (address string, end func() (string, error)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, args, in, io.Discard)
		_ = in.Close()
		ended <- err
	}()
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("no line: %v; the program ended with %v", err, <-ended)
	}
	address, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "listening on ")
	if !ok {
		t.Fatalf("line %q", line)
	}
	return address, func() (string, error) {
		cancel()
		rest, _ := io.ReadAll(lines)
		return string(rest), <-ended
	}
}

func fetch(t *testing.T, method, url, body string, header map[string]string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// start returns the response to a StartStreamIngest signed with the default key.
func start(t *testing.T, address string) string {
	t.Helper()
	const body = `{"SdkAppId":1400000001,"RoomId":"1","RoomIdType":1,"UserId":"u","UserSig":"x"}`
	mac := func(key []byte, text string) []byte {
		h := hmac.New(sha256.New, key)
		_, _ = io.WriteString(h, text)
		return h.Sum(nil)
	}
	now := time.Now().UTC()
	date, timestamp := now.Format(time.DateOnly), strconv.FormatInt(now.Unix(), 10)
	canonical := fmt.Sprintf("POST\n/\n\ncontent-type:application/json\nhost:%s\n\ncontent-type;host\n%x",
		strings.TrimPrefix(address, "http://"), sha256.Sum256([]byte(body)))
	key := mac(mac(mac([]byte("TC3mock-secret-key"), date), "trtc"), "tc3_request")
	signature := mac(key, fmt.Sprintf("TC3-HMAC-SHA256\n%s\n%s/trtc/tc3_request\n%x", timestamp, date, sha256.Sum256([]byte(canonical))))
	return fetch(t, http.MethodPost, address+"/", body, map[string]string{
		"Content-Type": "application/json", "X-TC-Action": "StartStreamIngest", "X-TC-Version": "2019-07-22",
		"X-TC-Region": "ap-singapore", "X-TC-Timestamp": timestamp,
		"Authorization": fmt.Sprintf("TC3-HMAC-SHA256 Credential=AKIDmock/%s/trtc/tc3_request, SignedHeaders=content-type;host, Signature=%x", date, signature),
	})
}

func TestRun(t *testing.T) {
	t.Parallel()
	address, end := running(t, "-listen", "127.0.0.1:0", "-secret-id", "AKIDother")
	if !strings.HasPrefix(address, "http://127.0.0.1:") || strings.HasSuffix(address, ":0") {
		t.Errorf("address %q", address)
	}
	header := map[string]string{
		"Content-Type": "application/json", "X-TC-Action": "StopStreamIngest", "X-TC-Version": "2019-07-22",
	}
	if got := fetch(t, http.MethodPost, address+"/", "{}", header); !strings.Contains(got, `"MissingParameter"`) {
		t.Errorf("response %s", got)
	}
	if got := fetch(t, http.MethodGet, address+"/_mock/journal", "", nil); !strings.Contains(got, `"action":"StopStreamIngest"`) {
		t.Errorf("journal %s", got)
	}
	if rest, err := end(); err != nil || rest != "" {
		t.Errorf("it ended with %v and wrote %q", err, rest)
	}
}

func TestRun_LargeHeader(t *testing.T) {
	t.Parallel()
	address, end := running(t, "-listen", "127.0.0.1:0")
	for bytes, want := range map[int]bool{32 << 10: false, 128 << 10: true} {
		got := fetch(t, http.MethodGet, address+"/_mock/tasks", "", map[string]string{"X-TC-Token": strings.Repeat("a", bytes)})
		if refused := strings.HasPrefix(got, "431 "); refused != want {
			t.Errorf("a header of %d bytes is refused: %t, want %t: %s", bytes, refused, want, got)
		}
	}
	if _, err := end(); err != nil {
		t.Error(err)
	}
}

func TestRun_WarnsAboutOtherMachines(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]bool{"127.0.0.1:0": false, "0.0.0.0:0": true} {
		var stderr bytes.Buffer
		err := run(t.Context(), []string{"-listen", listen}, brokenPipe{}, &stderr)
		if !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: error %v", listen, err)
		}
		if got := strings.Contains(stderr.String(), "other machines"); got != want {
			t.Errorf("%s: stderr %q", listen, stderr.String())
		}
	}
}

// brokenPipe is a closed stdout, which ends the program.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestRun_PostsCallbacks(t *testing.T) {
	t.Parallel()
	posted := make(chan string, 2)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		posted <- r.Header.Get("Sign") + " " + string(body)
		<-r.Context().Done() // No response: the program must not wait for a response.
	}))
	defer receiver.Close()
	address, end := running(t, "-listen", "127.0.0.1:0", "-callback-url", receiver.URL, "-callback-key", "key")
	if got := start(t, address); !strings.Contains(got, `"TaskId"`) {
		t.Fatalf("response %s", got)
	}
	if got := <-posted; !strings.Contains(got, `"EventType":701`) || strings.HasPrefix(got, " ") {
		t.Errorf("posted %s", got)
	}
	if rest, err := end(); err != nil || rest != "" {
		t.Errorf("it ended with %v and wrote %q", err, rest)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	var stdout bytes.Buffer
	if err := run(t.Context(), []string{"-version", "-listen", "in use"}, &stdout, io.Discard); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^trtcmock \S+\n$`).MatchString(stdout.String()) {
		t.Errorf("it prints %q", stdout.String())
	}
}
