package cloudapi

import (
	"encoding/json"
	"errors"
	"net/http"
)

// envelope is the documented form of every answer.
type envelope struct {
	Response json.RawMessage `json:"Response"`
}

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
// error is an *APIError when
// the service answered with a code, else an *ExchangeError.
func (e *exchange) decode(request Request, out any) (string, error) {
	var outer envelope
	var head responseHead
	err := json.Unmarshal(e.body, &outer)
	if err == nil {
		err = decodeHead(outer.Response, &head)
	}
	switch {
	case err == nil && head.Error != nil && head.Error.Code != "":
		return head.RequestID, &APIError{Action: request.Action, Code: head.Error.Code, Message: head.Error.Message, RequestID: head.RequestID}
	case e.status != http.StatusOK:
		return head.RequestID, e.failure(request, BadStatus, head.RequestID)
	case err != nil || head.Error != nil:
		return head.RequestID, e.failure(request, Unreadable, head.RequestID)
	}
	if err := json.Unmarshal(outer.Response, out); err != nil {
		return head.RequestID, e.failure(request, Unreadable, head.RequestID)
	}
	if output, ok := out.(Validator); ok && output.Validate() != nil {
		return head.RequestID, e.failure(request, Unreadable, head.RequestID)
	}
	return head.RequestID, nil
}

func decodeHead(response json.RawMessage, head *responseHead) error {
	if len(response) == 0 || response[0] != '{' {
		return errors.New("no Response object")
	}
	return json.Unmarshal(response, head)
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
