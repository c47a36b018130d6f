package credentials_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
)

func TestCVMRole_Fails(t *testing.T) {
	t.Parallel()
	const key = `"TmpSecretId":"i","TmpSecretKey":"k","Token":"t"`
	for name, test := range map[string]struct {
		response http.HandlerFunc
		calls    int
		// says is part of the error; empty if the retry succeeds.
		says string
	}{
		"no such role":       {respond(404, "not found"), 1, "knows no such role"},
		"forbidden":          {respond(403, ""), 1, "HTTP status 403"},
		"redirect":           {redirect, 1, "HTTP status 307"},
		"a code":             {respond(200, `{"Code":"\u001b[31mRed\u202e\n`+strings.Repeat("é", 100)+`"}`), 1, "code [31mRed  " + strings.Repeat("é", 58) + "…"},
		"not HTTP":           {raw("hush " + canary), 4, "is not an HTTP response"},
		"cut short":          {raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + canary), 4, "could not be read: unexpected EOF"},
		"too large":          {respond(200, strings.Repeat(" ", 1<<20+1)), 1, "larger than 1 MiB"},
		"server fault":       {respond(500, ""), 2, ""},
		"throttled":          {respond(429, ""), 2, ""},
		"connection lost":    {hangUp, 2, ""},
		"not JSON":           {respond(200, "<html>"), 2, ""},
		"no key":             {respond(200, `{"Code":"Success","ExpiredTime":1900000000}`), 2, ""},
		"no token":           {respond(200, `{"Code":"Success","ExpiredTime":1900000000,"TmpSecretId":"i","TmpSecretKey":"k"}`), 2, ""},
		"no life":            {respond(200, `{"Code":"Success",`+key+`}`), 2, ""},
		"key of two lines":   {respond(200, `{"Code":"Success","ExpiredTime":1900000000,"TmpSecretId":"i","TmpSecretKey":"k","Token":"t\nt"}`), 2, ""},
		"expired on arrival": {respond(200, `{"Code":"Success","ExpiredTime":1,`+key+`}`), 1, "the key had already expired when it was issued: check this machine's clock"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			source := machine.resolve(t, credentials.Arguments{CAMRoleName: "web"}).Source
			times := 1
			if test.says != "" {
				times = test.calls
			}
			machine.next(slices.Repeat([]http.HandlerFunc{test.response}, times)...)
			_, err := source.Retrieve(t.Context())
			switch {
			case test.says == "" && err != nil:
				t.Errorf("error = %v", err)
			case test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says) || sourceError(t, err).Source != "CVM role web"):
				t.Errorf("error = %v, want CVM role web: … %s", err, test.says)
			}
			if calls := machine.wire(); len(calls) != test.calls {
				t.Errorf("%d calls, want %d", len(calls), test.calls)
			}
			if err != nil && strings.Contains(err.Error(), canary) {
				t.Errorf("the error quotes the response: %v", err)
			}
		})
	}
}

func TestCVMRole_NoConnection(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	source := machine.resolve(t, credentials.Arguments{CAMRoleName: "web"}).Source
	machine.server.Close()
	if err := machine.fail(t, source); !strings.Contains(err.Error(), "is this a CVM instance?") {
		t.Errorf("error = %v", err)
	}
	if slept := machine.clock.Slept(); slept != 3500*time.Millisecond {
		t.Errorf("slept %v between the attempts", slept)
	}
}

func TestCVMRole_Request(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	machine.transport.Proxy = func(*http.Request) (*url.URL, error) { return nil, errors.New("a proxy was requested") }
	expect(t, machine.resolve(t, credentials.Arguments{CAMRoleName: "a role/b"}).Source, "ID-a role/b")
	if got := machine.lines(); len(got) != 1 || got[0] != metadata+"a%20role%2Fb by" {
		t.Errorf("on the wire: %q", got)
	}
}

func TestCVMRole_DocumentedAddress(t *testing.T) {
	t.Parallel()
	environment := newWorld(t).environment()
	var requested []string
	environment.MetadataURL = ""
	environment.Transport = transport(func(request *http.Request) (*http.Response, error) {
		requested = append(requested, request.URL.String())
		return nil, context.Canceled
	})
	resolved, err := credentials.Resolve(credentials.Arguments{CAMRoleName: "web"}, environment)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := resolved.Source.Retrieve(t.Context()); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
	if want := "http://metadata.tencentyun.com/latest/meta-data/cam/security-credentials/web"; len(requested) != 1 || requested[0] != want {
		t.Errorf("requested %q, want %q once", requested, want)
	}
}

type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(request *http.Request) (*http.Response, error) { return t(request) }
