package trtcmock

import (
	"net/http"
	"regexp"
	"time"
)

const (
	trtcService, trtcVersion = "trtc", "2019-07-22"
	stsService, stsVersion   = "sts", "2018-08-13"
)

// requestClientForm has, beyond the documented set, the colon that the official
// SDK's core puts into every X-TC-RequestClient.
var requestClientForm = regexp.MustCompile(`^[0-9a-zA-Z\-_ ,;.:]{0,128}$`)

// fields are the members of a successful answer, RequestId apart.
type fields map[string]any

// exchange is one request on its way through the mock.
type exchange struct {
	at      time.Time
	request *http.Request
	body    []byte
	call    Call
}

// action is what the mock knows of one API action.
type action struct {
	service, version string
	// unsigned actions need no credentials.
	unsigned bool
	// checkRegion is nil when any region will do.
	checkRegion func(region string) error
	// limited actions are held to the documented rate.
	limited    bool
	parameters []parameter
	// malformed is the code for a body that cannot be parsed.
	malformed string
	run       func(*exchange, values) (fields, error)
}

func (s *Server) knownActions() map[string]action {
	trtc := action{service: trtcService, version: trtcVersion, checkRegion: s.site.checkRegion, limited: true}
	sts := action{service: stsService, version: stsVersion, malformed: codeSTSParameter}

	start, describe, update, stop := trtc, trtc, trtc, trtc
	start.parameters, start.malformed, start.run = startParameters(s.site), codeBodyParams, s.start
	describe.parameters, describe.malformed, describe.run = existingTaskParameters(), codeInvalidParameter, s.describe
	update.parameters, update.malformed, update.run = updateParameters(s.site), codeInvalidParameter, s.update
	stop.parameters, stop.malformed, stop.run = existingTaskParameters(), codeBodyParams, s.stop

	assume, assumeWeb := sts, sts
	assume.parameters, assume.run = assumeRoleParameters(), s.assumeRole
	assumeWeb.parameters, assumeWeb.run = assumeRoleWithWebIdentityParameters(), s.assumeRoleWithWebIdentity
	assumeWeb.unsigned = true

	return map[string]action{
		"StartStreamIngest":         start,
		"DescribeStreamIngest":      describe,
		"UpdateStreamIngest":        update,
		"StopStreamIngest":          stop,
		"AssumeRole":                assume,
		"AssumeRoleWithWebIdentity": assumeWeb,
	}
}

// execute verifies a request and does what it asks.
func (s *Server) execute(x *exchange) (fields, error) {
	if err := checkTransport(x.request, x.body); err != nil {
		return nil, err
	}
	act, err := s.lookUp(x)
	if err != nil {
		return nil, err
	}
	if err := s.authenticate(x, act); err != nil {
		return nil, err
	}
	if err := s.admit(x, act); err != nil {
		return nil, err
	}
	parsed, err := parseParameters(x.body, act.parameters, act.malformed)
	if err != nil {
		return nil, err
	}
	return act.run(x, parsed)
}

func (s *Server) lookUp(x *exchange) (action, error) {
	act, ok := s.actions[x.call.Action]
	if !ok {
		return action{}, refuse(codeInvalidAction, "The action does not exist.")
	}
	switch x.request.Header.Get("X-TC-Version") {
	case act.version:
		return act, nil
	case "":
		return action{}, refuse(codeMissingParameter, "The header X-TC-Version is missing.")
	default:
		return action{}, refuse(codeNoSuchVersion, "The version of this action is %s.", act.version)
	}
}

func checkTransport(r *http.Request, body []byte) error {
	switch {
	case r.Method != http.MethodPost:
		return refuse(codeUnsupportedHTTP, "Only POST is supported.")
	case r.URL.Path != "/" || r.URL.RawQuery != "":
		return refuse(codeInvalidRequest, "The path must be / and the query empty.")
	case r.Header.Get("Content-Type") != "application/json":
		return refuse(codeInvalidRequest, "Content-Type must be application/json.")
	case len(body) > maxBodyBytes:
		return refuse(codeSizeExceeded, "The body must not exceed %d bytes.", maxBodyBytes)
	case !requestClientForm.MatchString(r.Header.Get("X-TC-RequestClient")):
		return refuse(codeInvalidParameter, "X-TC-RequestClient must be at most 128 characters of 0-9a-zA-Z-_ ,;.: only.")
	}
	return nil
}

// authenticate says whether the sender may call the action at all.
func (s *Server) authenticate(x *exchange, act action) error {
	header := x.request.Header
	sent, err := readTimestamp(x.request, x.at)
	if err != nil {
		return err
	}
	if act.unsigned {
		if header.Get("Authorization") != unsignedAuthorization {
			return refuse(codeInvalidAuthorization, "Authorization must be %s.", unsignedAuthorization)
		}
		return nil
	}
	claim, err := parseAuthorization(header.Get("Authorization"))
	if err != nil {
		return err
	}
	signer, err := s.keys.find(claim.secretID)
	if err != nil {
		return err
	}
	if err := verifySignature(x.request, x.body, sent, act.service, signer.secretKey, claim); err != nil {
		return err
	}
	return signer.checkToken(header.Get("X-TC-Token"), x.at)
}

// admit says whether the region is served and has capacity left.
func (s *Server) admit(x *exchange, act action) error {
	if x.call.Region == "" {
		return refuse(codeMissingParameter, "The header X-TC-Region is missing.")
	}
	if act.checkRegion != nil {
		if err := act.checkRegion(x.call.Region); err != nil {
			return err
		}
	}
	key := rateKey{action: x.call.Action, region: x.call.Region, secretID: x.call.SecretID}
	if act.limited && !s.limit.allow(key, x.at) {
		return refuse(codeRateExceeded, "The rate of %d requests per second is exceeded.", s.options.RequestsPerSecond)
	}
	return nil
}
