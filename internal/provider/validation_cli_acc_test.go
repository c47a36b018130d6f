package provider_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// offline is a transport that fails the test when it is used.
type offline struct{ t testing.TB }

func (o offline) RoundTrip(request *http.Request) (*http.Response, error) {
	o.t.Errorf("a request went to %s", request.URL.Host)
	return nil, http.ErrServerClosed
}

// TestAccInvalidOnCLI shows what a user sees, for one argument of each kind of
// rule.
func TestAccInvalidOnCLI(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	refused := func(arguments acctest.Arguments, message string) resource.TestStep {
		return resource.TestStep{
			Config:      world.Config(t, arguments),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(message),
		}
	}
	world.Run(t,
		refused(acctest.Arguments{"repeat_num": "0"}, `repeat_num must be -1 \(endless\) or from 1 to 1000`),
		refused(acctest.Arguments{"max_duration": "5"}, `max_duration without endless repetition`),
		refused(acctest.Arguments{"room_id": `"lobby"`}, `room_id must be a whole number from 1 to 4294967295`),
		refused(acctest.Arguments{"user_sig_wo": `"x"`}, `(?s)user_sig.*user_sig_wo`),
		refused(acctest.Arguments{"user_sig": ""}, `A ticket is needed to start the task`),
		refused(acctest.Arguments{"stream_url": `"ftp://x/y"`}, `stream_url must be an absolute`),
	)
	world.ExpectJournal(t)
}

// TestAccProviderRefused: what is wrong with the provider block is told before
// anything is sent.
func TestAccProviderRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change    tfcore.Values
		attribute string
		mention   string
	}{
		"HTTP beyond this machine":    {tfcore.Values{"protocol": "HTTP"}, "protocol", "loopback"},
		"HTTP endpoint elsewhere":     {tfcore.Values{"endpoint": "http://trtc.example.com"}, "endpoint", "loopback"},
		"endpoint without a scheme":   {tfcore.Values{"endpoint": "trtc.example.com"}, "endpoint", "URL"},
		"endpoint with a path":        {tfcore.Values{"endpoint": "https://example.com/trtc"}, "endpoint", "path"},
		"unknown protocol":            {tfcore.Values{"protocol": "FTP"}, "protocol", "HTTPS"},
		"domain that is no host name": {tfcore.Values{"domain": "intl/evil"}, "domain", "host name"},
		"requests_per_second 0":       {tfcore.Values{"requests_per_second": 0}, "requests_per_second", "between 1 and 1000"},
		"requests_per_second 1001":    {tfcore.Values{"requests_per_second": 1001}, "requests_per_second", "between 1 and 1000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Options.Transport = offline{t}
			said := world.Connect(t).Configure(t.Context(), world.ProviderValues(tfcore.Values{"endpoint": nil}.With(test.change)))
			acctest.ExpectError(t, said, test.attribute, test.mention)
		})
	}
}
