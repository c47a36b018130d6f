package provider_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// TestDiagnosticOnConfiguredAttribute checks that of two arguments for one value,
// the error points to the one that is set.
func TestDiagnosticOnConfiguredAttribute(t *testing.T) {
	t.Parallel()
	for attribute, test := range map[string]struct {
		change tfcore.Values
		code   string
	}{
		"user_sig_wo":   {tfcore.Values{"user_sig": nil, "user_sig_wo": "a-ticket"}, "InvalidParameter.UserSig"},
		"stream_url_wo": {writeOnlyStream(), "InvalidParameter.StreamUrl"},
	} {
		world := acctest.NewWorld(t)
		world.Inject(t, acctest.RejectNext(acctest.Start, test.code))
		_, diags := world.Session(t).ApplyConfig(t.Context(), world.Values(t, test.change))
		acctest.ExpectError(t, diags, attribute, test.code)
	}
}

// TestFactsOfARefusal checks that a code and a RequestId that were received have a
// line, and that a RequestId of another form is shown without control characters.
func TestFactsOfARefusal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ answer, facts string }{
		"both":            {`{"Response":{"Error":{"Code":"A.B","Message":"No."},"RequestId":"0f0f"}}`, "\n\nAction: StartStreamIngest\nCode: A.B\nRequestId: 0f0f"},
		"no RequestId":    {`{"Response":{"Error":{"Code":"A.B","Message":"No."}}}`, "\n\nAction: StartStreamIngest\nCode: A.B"},
		"another form":    {`{"Response":{"Error":{"Code":"A.B","Message":"No."},"RequestId":"req \u001b[31m 7"}}`, "\nRequestId: req  [31m 7"},
		"lost, no code":   {`{"Response":{"RequestId":"0f0f"}}`, "apply again.\n\nRequestId: 0f0f"},
		"lost, no fact":   {`null`, "run terraform apply again."},
		"lost, with both": {`{"Response":{"Error":{"Code":"ServiceUnavailable"},"RequestId":"0f0f"}}`, "\n\nCode: ServiceUnavailable\nRequestId: 0f0f"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Options.Transport = acctest.RoundTrip(func(request *http.Request) (*http.Response, error) {
				recorder := httptest.NewRecorder()
				_, _ = recorder.WriteString(test.answer)
				response := recorder.Result()
				response.Request = request
				return response, nil
			})
			_, said := world.Session(t).ApplyConfig(t.Context(), world.Values(t, nil))
			if len(said.Errors()) != 1 || !strings.HasSuffix(said.Errors()[0].Detail, test.facts) {
				t.Errorf("said %s, want the facts %q", said, test.facts)
			}
		})
	}
}

// TestUnreachable checks that the error of a request that was not sent says where to
// look and names no task, and that what no retry changes is tried once.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	t.Cleanup(proxy.Close)
	secured := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secured.Close)
	throughProxy := cloudapi.NewTransport()
	throughProxy.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
	for name, test := range map[string]struct {
		endpoint  string
		transport *http.Transport
		waits     bool
		mention   []string
	}{
		"refused connection": {"http://127.0.0.1:1", cloudapi.NewTransport(), true, []string{"could not be reached", "HTTPS_PROXY"}},
		"proxy":              {"https://trtc.example.com", throughProxy, false, []string{"The proxy refused to connect", "407", "user name and password in HTTPS_PROXY"}},
		"certificate":        {secured.URL, cloudapi.NewTransport(), false, []string{"certificate is not trusted", "trust store"}},
		"no TLS":             {strings.Replace(proxy.URL, "http:", "https:", 1), cloudapi.NewTransport(), false, []string{"TLS connection was refused", "TLS 1.2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Options.Transport = test.transport
			t.Cleanup(test.transport.CloseIdleConnections)
			session := world.Provider(t, tfcore.Values{"endpoint": test.endpoint}).Session(acctest.ResourceType)
			_, said := session.ApplyConfig(t.Context(), world.Values(t, nil))
			acctest.ExpectError(t, said, "", append(test.mention, "Nothing was sent")...)
			if text := said.Errors().String(); strings.Contains(text, "may have started") || strings.Contains(text, "billed") {
				t.Errorf("said %s, though nothing can run", text)
			}
			if waited := world.Clock.Slept() > 0; waited != test.waits {
				t.Errorf("waited %v for a retry, want that: %v", world.Clock.Slept(), test.waits)
			}
			acctest.ExpectState(t, session, nil)
		})
	}
}

// TestInvalidProxyVariable checks that an invalid HTTPS_PROXY is neither bypassed nor
// shown.
func TestInvalidProxyVariable(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://user:canary@%zz")
	world := acctest.NewWorld(t)
	world.Options.Transport = cloudapi.NewTransport()
	session := world.Provider(t, tfcore.Values{"endpoint": "https://trtc.example.com"}).Session(acctest.ResourceType)
	_, said := session.ApplyConfig(t.Context(), world.Values(t, nil))
	acctest.ExpectError(t, said, "", "The proxy setting is not valid", "HTTPS_PROXY", "Nothing was sent")
	if strings.Contains(said.String(), "canary") {
		t.Errorf("said %s, which shows the password", said)
	}
}

// TestAccErrorNamesFileAndLine checks that the CLI shows where the resource is
// configured, for a code that belongs to no argument.
func TestAccErrorNamesFileAndLine(t *testing.T) {
	t.Parallel()
	for flag, want := range map[string]struct{ from, text string }{
		"-no-color": {"Error: ", "on main.tf line "},
		"-json":     {`"severity":"error"`, `"range":{"filename":"main.tf"`},
	} {
		world := acctest.NewWorld(t)
		world.Inject(t, acctest.RejectAll(acctest.Start, "FailedOperation.RestrictedConcurrency"))
		cli := world.CLI(t)
		cli.Write(t, "main.tf", world.Config(t, nil))
		output := cli.Run(t, "apply", "-auto-approve", flag)
		_, text, _ := strings.Cut(output.Stdout+output.Stderr, want.from)
		if output.ExitCode != 1 || !strings.Contains(text, want.text) {
			t.Errorf("exit code %d, want 1 and %s in the error: %s", output.ExitCode, want.text, text)
		}
	}
}
