package credentials

import (
	"net/http"
	"os"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// Environment is what Resolve and its Source use of the world. Only
// STSEndpoint is needed; the zero value of the rest is right for production.
type Environment struct {
	// LookupEnv reads an environment variable and tells an empty one, which
	// earns a warning, from one that is not set; nil means os.LookupEnv.
	LookupEnv func(string) (string, bool)
	// HomeDir returns the user's home directory; nil means os.UserHomeDir.
	HomeDir func() (string, error)
	// Clock tells the time, waits and bounds calls; nil means the system's.
	Clock clock.Clock
	// Transport carries the calls of STS; nil means a pooled one. The metadata
	// service is asked over an *http.Transport's copy without its proxy, or over
	// a Transport of another type as it is.
	Transport http.RoundTripper
	// STSEndpoint is where STS answers.
	STSEndpoint cloudapi.Endpoint
	// MetadataURL is the root of the CVM metadata service; empty means
	// "http://metadata.tencentyun.com".
	MetadataURL string
	// UserAgent names the program in requests.
	UserAgent string
}

func (e Environment) withDefaults() Environment {
	if e.LookupEnv == nil {
		e.LookupEnv = os.LookupEnv
	}
	if e.HomeDir == nil {
		e.HomeDir = os.UserHomeDir
	}
	if e.Clock == nil {
		e.Clock = clock.System()
	}
	if e.Transport == nil {
		e.Transport = cloudapi.NewTransport()
	}
	if e.MetadataURL == "" {
		e.MetadataURL = "http://metadata.tencentyun.com"
	}
	return e
}
