// Package trtcmock is TRTC's stream-ingest API in memory. It verifies requests
// as the API's reference describes, runs tasks against an injected clock, keeps
// a call log and injects faults on demand.
//
// It shares no code with the provider: signatures, tickets, parameters and codes
// are checked by code that was written from the reference alone, so that the mock
// cannot repeat a bug of the client.
//
// The reference is incomplete. Where the mock assumes a behavior of the service,
// a comment of the form "// Assumption: probe N." names the live check that
// can confirm or refute it.
//
// A [Server] is an [net/http.Handler] that serves
//
//   - POST /: StartStreamIngest, DescribeStreamIngest, UpdateStreamIngest and
//     StopStreamIngest, and AssumeRole, AssumeRoleWithWebIdentity and
//     GetCallerIdentity of STS;
//   - GET /latest/meta-data/cam/security-credentials/: the CVM metadata service;
//   - /_mock/: control calls for tests in another process. The methods of
//     [Server] do the same for tests in this process.
//
// Every call is verified, executed and recorded in one critical section, so the
// order of the call log is the order of execution. Only the response may be
// delayed.
package trtcmock

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// maxBodyBytes is the largest body of a request with a TC3 signature.
const maxBodyBytes = 10 << 20

// requestClientForm is the documented form of X-TC-RequestClient, and the colon,
// which the official SDKs send.
//
// Assumption: probe 4.
var requestClientForm = regexp.MustCompile(`^[0-9a-zA-Z\-_ ,;.:]{0,128}$`)

// Server is the mock. It is safe for concurrent use.
//
// Server holds secret keys and therefore prints as a placeholder.
type Server struct {
	options   Options
	site      site
	actions   map[string]action
	callbacks *callbacks // nil without a callback URL

	mu     sync.Mutex // guards everything below
	random generator
	state
}

// state is the part of a Server that [Server.Reset] clears.
type state struct {
	keys    map[string]credential // by secret id
	limit   *limiter
	tasks   []*task // oldest first
	faults  faultScript
	callLog []Call
}

// New returns a server without tasks, calls and faults.
func New(options Options) *Server {
	options = options.withDefaults()
	s := &Server{
		options:   options,
		site:      internationalSite(),
		callbacks: newCallbacks(options),
		random:    newGenerator(options.Rand),
		state:     newState(options),
	}
	if options.China {
		s.site = chinaSite()
	}
	s.actions = s.knownActions()
	return s
}

func newState(options Options) state {
	fresh := state{keys: map[string]credential{}, limit: newLimiter(options.RequestsPerSecond)}
	for id, key := range options.Credentials {
		fresh.keys[id] = credential{secretKey: key, token: options.Tokens[id], account: cmp.Or(options.Accounts[id], defaultAccount)}
	}
	return fresh
}

// Reset returns the server to the state that [New] made: no tasks, no calls, no
// faults, no temporary credentials, and an unused rate limit. Events that have
// not been posted are dropped.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.callbacks.reset()
	s.state = newState(s.options)
}

// Format writes a placeholder, because Server holds secret keys.
func (*Server) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "trtcmock.Server{redacted}")
}

// ServeHTTP serves API calls, metadata requests and control calls.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var resp response
	switch {
	case strings.HasPrefix(r.URL.Path, controlPrefix):
		resp = s.control(w, r)
	case strings.HasPrefix(r.URL.Path, metadataPrefix):
		resp = s.serveMetadata(r)
	default:
		// One byte more than allowed shows that a body is too long.
		body, err := io.ReadAll(io.LimitReader(r.Body, maxBodyBytes+1))
		if err != nil {
			return // The caller disconnected during the request.
		}
		w.Header().Set("Date", s.options.Now().UTC().Format(http.TimeFormat))
		resp = s.serveAPI(r, body)
	}
	resp.send(r.Context(), w)
}

// exchange is one request and its entry in the call log.
type exchange struct {
	at      time.Time
	request *http.Request
	body    []byte
	call    Call
	// playFailures is the number of failing plays of a task that this request starts.
	playFailures int
}

func (s *Server) serveAPI(r *http.Request, body []byte) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.options.Now()
	ex := &exchange{at: at, request: r, body: body, call: newCall(r, body, at), playFailures: s.options.PlayFailures}
	return s.serve(ex, s.execute, envelope)
}

// serve executes a request, applies the fault that hits it, and logs the call.
// The caller holds the lock.
func (s *Server) serve(
	ex *exchange,
	execute func(*exchange) (any, error),
	render func(result any, err error, requestID string) response,
) response {
	ex.call.RequestID = s.random.requestID()
	fault, hit := s.faults.next(ex.call.Action)
	if hit && fault.Kind == FaultPlay {
		ex.playFailures = fault.PlayFailures
	}

	var result any
	var err error
	if !hit || fault.Runs() {
		result, err = execute(ex)
		ex.call.Ran = err == nil
	}
	if hit {
		ex.call.Fault = fault.Kind
		if fault.returnsCode() {
			result, err = nil, fault.apiError()
		}
	}
	if err != nil {
		ex.call.Code = asAPIError(err).code
	}
	if ex.call.Action != "" {
		s.record(ex.call)
	}
	resp := render(result, err, ex.call.RequestID)
	resp.after = s.options.Latency
	if hit {
		resp = fault.alter(resp)
	}
	return resp
}

// execute checks a request in this order: transport, action, credentials,
// region, rate, parameters. Then it runs the action.
//
// Assumption: probe 1.
func (s *Server) execute(ex *exchange) (any, error) {
	if err := checkTransport(ex.request, ex.body); err != nil {
		return nil, err
	}
	act, err := s.lookUp(ex.call.Action, ex.request.Header.Get("X-TC-Version"))
	if err != nil {
		return nil, err
	}
	if err := s.authenticate(ex, act); err != nil {
		return nil, err
	}
	if err := s.admit(ex, act); err != nil {
		return nil, err
	}
	parsed, err := parseParameters(ex.body, act.parameters, act.malformed)
	if err != nil {
		return nil, err
	}
	return act.run(ex, parsed)
}

// Assumption: probe 3.
func checkTransport(r *http.Request, body []byte) error {
	switch {
	case r.Method != http.MethodPost:
		return apiErrorf("UnsupportedProtocol", "Only POST is supported.")
	case r.URL.Path != "/" || r.URL.RawQuery != "":
		return apiErrorf("InvalidRequest", "The path must be / and the query empty.")
	case r.Header.Get("Content-Type") != "application/json":
		return apiErrorf("InvalidRequest", "Content-Type must be application/json.")
	case len(body) > maxBodyBytes:
		return apiErrorf("RequestSizeLimitExceeded", "The body must not exceed %d bytes.", maxBodyBytes)
	case !requestClientForm.MatchString(r.Header.Get("X-TC-RequestClient")):
		return apiErrorf(codeInvalidParameter, "X-TC-RequestClient must be at most 128 characters of 0-9a-zA-Z-_ ,;.: only.")
	}
	return nil
}

// Assumption: probe 2.
func (s *Server) lookUp(name, version string) (action, error) {
	act, ok := s.actions[name]
	switch {
	case !ok:
		return action{}, apiErrorf("InvalidAction", "The action does not exist.")
	case version == "":
		return action{}, apiErrorf(codeMissingParameter, "The header X-TC-Version is missing.")
	case version != act.version:
		return action{}, apiErrorf("NoSuchVersion", "The version of this action is %s.", act.version)
	}
	return act, nil
}

// admit checks the region and the rate limit.
func (s *Server) admit(ex *exchange, act action) error {
	// Assumption: probe 9.
	if ex.call.Region == "" {
		return apiErrorf(codeMissingParameter, "The header X-TC-Region is missing.")
	}
	if act.checkRegion == nil {
		return nil
	}
	if err := act.checkRegion(ex.call.Region); err != nil {
		return err
	}
	key := rateKey{action: ex.call.Action, region: ex.call.Region, secretID: ex.call.SecretID}
	if !s.limit.allow(key, ex.at) {
		return apiErrorf("RequestLimitExceeded", "The rate of %d requests per second is exceeded.", s.options.RequestsPerSecond)
	}
	return nil
}
