package provider_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
)

// echoService refuses calls with messages that quote the request, each time
// another part. It remembers the stream URLs and tickets of starts for calls
// that contain none.
type echoService struct {
	next http.Handler
	// refusing is false while the next handler answers.
	refusing atomic.Bool

	mu       sync.Mutex
	refusals int
	start    map[string]string
}

// quotations returns the parts of a request that a service may quote.
func (s *echoService) quotations(r *http.Request, body []byte) []string {
	userSig, privateMapKey, streamURL := s.start["UserSig"], s.start["PrivateMapKey"], s.start["StreamUrl"]
	parsed, err := url.Parse(streamURL)
	if err != nil {
		parsed = &url.URL{}
	}
	password, _ := parsed.User.Password()
	remembered := []string{
		"the stream " + streamURL + " cannot be pulled",
		"GET " + strings.ToUpper(parsed.Scheme) + "://" + strings.TrimPrefix(streamURL, "https://") + ": 403",
		`{"StreamUrl":"` + strings.ReplaceAll(streamURL, "&", `\u0026`) + `"}`,
	}
	if r.Header.Get("X-TC-Action") == acctest.Start {
		remembered = append(remembered,
			"UserSig "+userSig+" is refused", "PrivateMapKey="+privateMapKey, "ticket "+userSig[:len(userSig)/2]+"...",
			"query "+parsed.RawQuery, "sign is "+parsed.Query().Get("sign"), "password "+password,
			"escaped "+url.QueryEscape(streamURL), "body "+string(body), fmt.Sprintf("body %q", body),
			"body "+base64.StdEncoding.EncodeToString(body), fmt.Sprintf("body %x", body), "ticket "+strings.ToUpper(userSig))
	}
	return append(remembered,
		"key "+canarySecretKey, "token "+r.Header.Get("X-TC-Token"), fmt.Sprint("headers ", r.Header))
}

// manyQuotations is at least the number of quotations, plus the one in the
// code.
const manyQuotations = 19

func (s *echoService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("X-TC-Action") == acctest.Start {
		sent := map[string]any{}
		_ = json.Unmarshal(body, &sent)
		s.start = map[string]string{}
		for name, value := range sent {
			s.start[name] = fmt.Sprint(value)
		}
	}
	if !s.refusing.Load() {
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		s.next.ServeHTTP(w, r)
		return
	}
	quotations := s.quotations(r, body)
	refusal := map[string]string{"Code": "InvalidParameter." + canarySecretKey, "Message": "no"}
	if s.refusals %= len(quotations) + 1; s.refusals < len(quotations) {
		refusal = map[string]string{"Code": "InvalidParameter.UserSig", "Message": quotations[s.refusals]}
	}
	s.refusals++
	response := map[string]any{"RequestId": r.Header.Get("X-TC-Token"), "Error": refusal}
	_ = json.NewEncoder(w).Encode(map[string]any{"Response": response})
}

// canaryEchoes makes the service quote everything it knows in every response
// that is shown to users.
func canaryEchoes(t *testing.T, plugins string) {
	t.Helper()
	service := &echoService{}
	world := newCanaryWorld(t, plugins, func(next http.Handler) http.Handler {
		service.next = next
		return service
	})
	r := world.run(t, canaryMany(manyQuotations))
	r.variables = []string{"TF_VAR_stream_url=" + canaryURL}
	refused := []string{"Code: InvalidParameter.UserSig", "(redacted)"}

	service.refusing.Store(true)
	expectDiagnosed(t, r.fail(t, "apply", "-auto-approve", wide), refused...)
	service.refusing.Store(false)
	r.succeed(t, "apply", "-auto-approve", wide)
	service.refusing.Store(true)
	expectDiagnosed(t, r.fail(t, "plan", wide), refused...)
	r.variables = append(r.variables, "TF_VAR_volume=50")
	expectDiagnosed(t, r.fail(t, "apply", "-auto-approve", "-refresh=false", wide), refused...)
	expectDiagnosed(t, r.fail(t, "destroy", "-auto-approve", "-refresh=false", wide), refused...)
	expectLogged(t, r)
}
