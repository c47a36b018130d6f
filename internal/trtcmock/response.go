package trtcmock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// Codes that the mock returns in several places.
const (
	codeInvalidParameter = "InvalidParameter"
	codeInvalidValue     = "InvalidParameterValue"
	codeMissingParameter = "MissingParameter"
	codeSTSParameter     = "InvalidParameter.ParamError"
)

// apiError is an error as the API returns it.
type apiError struct{ code, message string }

func (e *apiError) Error() string { return e.code + ": " + e.message }

// apiErrorf returns an apiError. The message must contain no secret.
func apiErrorf(code, format string, args ...any) error {
	return &apiError{code: code, message: fmt.Sprintf(format, args...)}
}

// asAPIError returns the apiError in err, or InternalError.
func asAPIError(err error) *apiError {
	var known *apiError
	if errors.As(err, &known) {
		return known
	}
	return &apiError{code: "InternalError", message: "An internal error has occurred."}
}

// fields are the members of a successful response, without RequestId.
type fields map[string]any

const jsonType = "application/json"

// response is an HTTP response that has not been sent yet.
type response struct {
	status      int
	contentType string
	location    string
	body        []byte
	// after is the delay of the response.
	after time.Duration
	// drop closes the connection instead of responding.
	drop bool
	// cutAt closes the connection after that many bytes of the body; negative
	// sends the whole body.
	cutAt int
}

func newResponse(status int, contentType string, body []byte) response {
	return response{status: status, contentType: contentType, body: body, cutAt: -1}
}

// jsonResponse encodes a value that can always be encoded.
func jsonResponse(status int, value any) response {
	body, err := json.Marshal(value)
	if err != nil {
		return newResponse(http.StatusInternalServerError, jsonType, nil)
	}
	return newResponse(status, jsonType, body)
}

// envelope wraps the result of an API call. The HTTP status of an error is 200.
func envelope(result any, err error, requestID string) response {
	content := fields{"RequestId": requestID}
	if err != nil {
		e := asAPIError(err)
		content["Error"] = map[string]string{"Code": e.code, "Message": e.message}
	} else if result, ok := result.(fields); ok {
		maps.Copy(content, result)
	}
	return jsonResponse(http.StatusOK, fields{"Response": content})
}

// send writes the response unless the caller disconnects before it is due.
func (p response) send(ctx context.Context, w http.ResponseWriter) {
	if sleep(ctx, p.after) != nil {
		return
	}
	if p.drop {
		closeConnection(w)
		return
	}
	header := w.Header()
	header.Set("Content-Length", strconv.Itoa(len(p.body)))
	if p.contentType != "" {
		header.Set("Content-Type", p.contentType)
	}
	if p.location != "" {
		header.Set("Location", p.location)
	}
	w.WriteHeader(p.status)
	if p.cutAt < 0 {
		_, _ = w.Write(p.body) // The caller may have disconnected.
		return
	}
	_, _ = w.Write(p.body[:p.cutAt])
	_ = http.NewResponseController(w).Flush() // Otherwise nothing is sent.
	closeConnection(w)
}

// sleep blocks for d in real time. It returns the context's error if ctx ends first.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// closeConnection closes the connection without completing the response.
func closeConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		// A connection that cannot be hijacked (HTTP/2) is aborted by net/http.
		panic(http.ErrAbortHandler) //nolint:forbidigo // How a handler drops a connection.
	}
	_ = conn.Close()
}
