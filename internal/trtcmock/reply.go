package trtcmock

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

const jsonType = "application/json"

// reply is an answer on its way to the caller.
type reply struct {
	status      int
	contentType string
	location    string
	body        []byte
	// after is how long the answer is held back.
	after time.Duration
	// drop closes the connection instead of answering.
	drop bool
	// cutAt closes the connection after that many bytes of the body; negative
	// means that the whole body is sent.
	cutAt int
}

func newReply(status int, contentType string, body []byte) reply {
	return reply{status: status, contentType: contentType, body: body, cutAt: -1}
}

// jsonReply encodes a value that is known to be encodable.
func jsonReply(status int, value any) reply {
	body, err := json.Marshal(value)
	if err != nil {
		return newReply(http.StatusInternalServerError, jsonType, nil)
	}
	return newReply(status, jsonType, body)
}

// envelope wraps the result of a call; like the service's, its HTTP status is
// 200 also for errors.
func envelope(result fields, err error, requestID string) reply {
	response := map[string]any{"RequestId": requestID}
	for name, value := range result {
		response[name] = value
	}
	if err != nil {
		told := asRefusal(err)
		response["Error"] = map[string]string{"Code": told.code, "Message": told.message}
	}
	return jsonReply(http.StatusOK, map[string]any{"Response": response})
}

// send writes the reply unless the caller goes away before it is due.
func (p reply) send(ctx context.Context, w http.ResponseWriter) {
	if !wait(ctx, p.after) {
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
		_, _ = w.Write(p.body) // a caller that has gone is told nothing
		return
	}
	_, _ = w.Write(p.body[:p.cutAt])
	_ = http.NewResponseController(w).Flush() // else the first half stays here
	closeConnection(w)
}

// wait returns false when the context ends first.
func wait(ctx context.Context, span time.Duration) bool {
	if span <= 0 {
		return true
	}
	timer := time.NewTimer(span)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// closeConnection ends the connection without a proper end of the response.
func closeConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		// What cannot be hijacked (HTTP/2) is aborted by net/http's own means.
		panic(http.ErrAbortHandler) //nolint:forbidigo // How a handler drops a connection.
	}
	_ = conn.Close()
}
