package trtcmock

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
)

// maxBodyBytes is the largest request body that a TC3-signed request may have.
const maxBodyBytes = 10 << 20

// Server plays the API. It is safe for concurrent use.
//
// Server holds secret keys and therefore prints as a placeholder.
type Server struct {
	options Options
	site    site
	actions map[string]action

	mu       sync.Mutex // guards everything below
	keys     keyring
	limit    *limiter
	tasks    *taskStore
	faults   faultScript
	journal  journal
	generate generator
}

// New returns a server with no tasks, an empty journal and no faults.
func New(options Options) *Server {
	options = options.withDefaults()
	s := &Server{
		options:  options,
		site:     internationalSite(),
		keys:     newKeyring(options.Credentials, options.Tokens),
		limit:    newLimiter(options.RequestsPerSecond),
		tasks:    newTaskStore(),
		generate: newGenerator(options.Rand),
	}
	if options.China {
		s.site = chinaSite()
	}
	s.actions = s.knownActions()
	return s
}

// Format writes a placeholder, because Server holds secret keys.
func (*Server) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "trtcmock.Server{redacted}")
}

// ServeHTTP answers API calls, metadata look-ups and administration. It never
// answers other than the service would, faults apart.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, adminPrefix):
		s.serveAdmin(w, r)
	case strings.HasPrefix(r.URL.Path, metadataPrefix):
		s.serveMetadata(w, r)
	default:
		s.serveAPI(w, r)
	}
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	// One byte more than allowed tells a body that is too long from one that is
	// just long enough.
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBodyBytes+1))
	if err != nil {
		return // the caller went away in the middle of its request
	}
	w.Header().Set("Date", s.options.Now().UTC().Format(http.TimeFormat))
	s.call(r, body).send(r.Context(), w)
}

func (s *Server) call(r *http.Request, body []byte) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.options.Now()
	x := &exchange{at: at, request: r, body: body, call: describeCall(r, body, at)}
	return s.respond(x, s.execute, envelope)
}

// respond executes and journals a call and returns the answer, all as faults
// will have it. Its caller locks.
func (s *Server) respond(
	x *exchange,
	execute func(*exchange) (fields, error),
	render func(result fields, err error, requestID string) reply,
) reply {
	x.call.RequestID = s.generate.requestID()
	fault, hit := s.faults.next(x.call.Action)

	var result fields
	var err error
	if !hit || fault.Runs() {
		result, err = execute(x)
		x.call.Ran = err == nil
	}
	if hit {
		x.call.Fault = fault.Kind
		if fault.answersCode() {
			result, err = nil, fault.refusal()
		}
	}
	if err != nil {
		x.call.Code = asRefusal(err).code
	}
	if x.call.Action != "" {
		s.journal.add(x.call)
	}
	answer := render(result, err, x.call.RequestID)
	answer.after = s.options.Latency
	if hit {
		answer = fault.disturb(answer)
	}
	return answer
}
