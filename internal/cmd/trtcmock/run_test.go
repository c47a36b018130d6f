package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// running starts the program and returns the address it prints, and a function
// that ends it and returns the rest of its output and its error.
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
		t.Errorf("answer %s", got)
	}
	if got := fetch(t, http.MethodGet, address+"/_mock/journal", "", nil); !strings.Contains(got, `"action":"StopStreamIngest"`) {
		t.Errorf("journal %s", got)
	}
	if rest, err := end(); err != nil || rest != "" {
		t.Errorf("it ended with %v and wrote %q", err, rest)
	}
}

func TestRunWarnsOfOtherMachines(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]bool{"127.0.0.1:0": false, "0.0.0.0:0": true} {
		var stderr bytes.Buffer
		err := run(t.Context(), []string{"-listen", listen}, deaf{}, &stderr)
		if !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: error %v", listen, err)
		}
		if got := strings.Contains(stderr.String(), "other machines"); got != want {
			t.Errorf("%s: stderr %q", listen, stderr.String())
		}
	}
}

// deaf is a stdout whose reader has gone, which ends the program.
type deaf struct{}

func (deaf) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestCommandLine(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"unknown flag":      {"-port", "1"},
		"argument":          {"serve"},
		"empty id":          {"-secret-id", ""},
		"empty key":         {"-secret-key", ""},
		"negative latency":  {"-latency", "-1s"},
		"rate 0":            {"-rate", "0"},
		"negative quota":    {"-quota", "-1"},
		"negative duration": {"-task-duration", "-1s"},
		"bad address":       {"-listen", "127.0.0.1:port"},
	} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	var usage bytes.Buffer
	if err := run(t.Context(), []string{"-h"}, io.Discard, &usage); !errors.Is(err, flag.ErrHelp) || !strings.Contains(usage.String(), "-sdk-secret-key") {
		t.Errorf("help: %v, %s", err, usage.String())
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	s, err := parse([]string{
		"-secret-id", "i", "-secret-key", "k", "-sdk-secret-key", "a", "-latency", "1s",
		"-rate", "-1", "-quota", "2", "-task-duration", "3m", "-china",
	}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	got := s.options()
	if got.Credentials["i"] != "k" || got.AnyAppKey != "a" || got.Latency != time.Second || got.RequestsPerSecond != -1 ||
		got.Quota != 2 || got.TaskDuration != 3*time.Minute || !got.China {
		t.Error("a flag is lost")
	}
	s, err = parse(nil, io.Discard)
	if err != nil || s.listen != "127.0.0.1:8787" || s.options().Credentials["AKIDmock"] != "mock-secret-key" || s.rate != 20 {
		t.Errorf("defaults: %v", err)
	}
}
