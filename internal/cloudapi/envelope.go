package cloudapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"unicode/utf8"
)

// responseHead is the part of every answer that all actions share.
type responseHead struct {
	Error *struct {
		Code    string `json:"Code"`
		Message string `json:"Message"`
	} `json:"Error"`
	RequestID string `json:"RequestId"`
}

// Validator is implemented by outputs that can tell a complete answer from an
// empty one.
type Validator interface {
	// Validate returns an error when a field that the action documents is
	// missing.
	Validate() error
}

// decode reads the exchange's body into out and returns its RequestId. The
// error is an *APIError when the service answered with a code, else an
// *ExchangeError.
func (e *exchange) decode(request Request, credential Credential, out any) (string, error) {
	head, err := decodeHead(e.body)
	requestID := requestIDOf(head.RequestID)
	if err == nil && head.Error != nil {
		secrets := newRedactor(append(credential.confidential(), request.Confidential...))
		if code := head.Error.Code; isCode(code) && !secrets.quotes(code) {
			message := tidy(secrets.redact(head.Error.Message), maxMessage)
			return requestID, &APIError{Action: request.Action, Code: code, Message: message, RequestID: requestID}
		}
	}
	switch {
	case e.status != http.StatusOK:
		return requestID, e.failure(request, BadStatus, requestID)
	case err != nil || head.Error != nil || !readable(e.body, out):
		return requestID, e.failure(request, Unreadable, requestID)
	}
	return requestID, nil
}

var errNoResponse = errors.New("no Response object")

func decodeHead(body []byte) (responseHead, error) {
	var envelope struct{ Response *responseHead }
	err := json.Unmarshal(body, &envelope)
	if envelope.Response == nil {
		return responseHead{}, errors.Join(errNoResponse, err)
	}
	return *envelope.Response, err
}

// readable decodes the body's Response into out and tells whether it is
// complete. The decoder would replace invalid UTF-8, and a TaskId so changed
// names no task.
func readable(body []byte, out any) bool {
	envelope := struct{ Response any }{out}
	if !utf8.Valid(body) || json.Unmarshal(body, &envelope) != nil {
		return false
	}
	output, ok := out.(Validator)
	return !ok || output.Validate() == nil
}

// failure describes this exchange. The decoder's own error is left out: it can
// quote the body.
func (e *exchange) failure(request Request, reason Reason, requestID string) *ExchangeError {
	outcome := NotSent
	if e.written.Load() {
		outcome = Ambiguous
	}
	return &ExchangeError{
		Action:    request.Action,
		Host:      request.Endpoint.Host,
		Outcome:   outcome,
		Reason:    reason,
		Status:    e.status,
		RequestID: requestID,
		Err:       e.err,
	}
}
