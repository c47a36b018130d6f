package trtcmock

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Call is one entry of the call log: a request with an action, executed or not. It
// contains no secret: parameter names, values that are
// not secret, and URLs without user info, query and fragment.
type Call struct {
	// Time is when the request arrived, on the injected clock.
	Time time.Time `json:"time"`
	// Action is X-TC-Action, or "metadata:<role>" for the metadata service.
	Action string `json:"action"`
	Region string `json:"region"`
	// Code is the error code of the response; empty if there was none.
	Code string `json:"code"`
	// Ran reports whether the action was executed, regardless of the response.
	Ran bool `json:"ran"`
	// Fault is the kind of the fault that hit the call.
	Fault string `json:"fault,omitempty"`

	// TaskID is the TaskId in the request or, for a Start that ran, the new TaskId.
	TaskID    string `json:"task_id,omitempty"`
	RequestID string `json:"request_id,omitempty"`
	// SecretID is the secret id in the Authorization header.
	SecretID string `json:"secret_id,omitempty"`
	// TokenSent reports whether the request had X-TC-Token.
	TokenSent bool `json:"token_sent"`

	// Parameters are the names of the parameters, sorted.
	Parameters []string `json:"parameters,omitempty"`
	SdkAppID   uint64   `json:"sdk_app_id,omitempty"`
	RoomID     string   `json:"room_id,omitempty"`
	UserID     string   `json:"user_id,omitempty"`
	StreamURL  string   `json:"stream_url,omitempty"`
	// The following fields are nil if the parameter was not sent. Paused is IsPause.
	Volume         *uint64  `json:"volume,omitempty"`
	Paused         *bool    `json:"paused,omitempty"`
	Tempo          *float64 `json:"tempo,omitempty"`
	EnableProgress *bool    `json:"enable_progress,omitempty"`
	IdleTimeout    *uint64  `json:"idle_timeout,omitempty"`
	// RoleArn and SessionName are parameters of AssumeRole and
	// AssumeRoleWithWebIdentity.
	RoleArn     string `json:"role_arn,omitempty"`
	SessionName string `json:"session_name,omitempty"`
}

// newCall returns the call log entry of a request. The request has not been verified
// yet, so newCall leaves out fields that cannot be read.
func newCall(r *http.Request, body []byte, at time.Time) Call {
	call := Call{
		Time:      at,
		Action:    r.Header.Get("X-TC-Action"),
		Region:    r.Header.Get("X-TC-Region"),
		TokenSent: r.Header.Get("X-TC-Token") != "",
	}
	if claim, err := parseAuthorization(r.Header.Get("Authorization")); err == nil {
		call.SecretID = claim.secretID
	}
	var sent map[string]json.RawMessage
	if json.Unmarshal(body, &sent) != nil {
		return call
	}
	call.Parameters = slices.Sorted(maps.Keys(sent))
	var streamURL string
	for name, into := range map[string]any{
		"TaskId": &call.TaskID, "SdkAppId": &call.SdkAppID, "RoomId": &call.RoomID, "UserId": &call.UserID,
		"StreamUrl": &streamURL, "Volume": &call.Volume, "IsPause": &call.Paused,
		"Tempo": &call.Tempo, "EnableProgress": &call.EnableProgress, "IdleTimeout": &call.IdleTimeout,
		"RoleArn": &call.RoleArn, "RoleSessionName": &call.SessionName,
	} {
		if raw, ok := sent[name]; ok {
			_ = json.Unmarshal(raw, into)
		}
	}
	call.StreamURL = publicURL(streamURL)
	return call
}

// maxCalls is the maximum number of calls in the call log. When it is reached, the
// older half is dropped.
const maxCalls = 20_000

// record adds a call to the call log. The caller holds the lock.
func (s *Server) record(call Call) {
	if len(s.callLog) >= maxCalls {
		s.callLog = append([]Call{}, s.callLog[maxCalls/2:]...)
	}
	s.callLog = append(s.callLog, call)
}

// Journal returns the call log: the newest calls, at least the last 10,000, in
// order of execution.
func (s *Server) Journal() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call{}, s.callLog...)
}

// ResetJournal clears the call log. [Server.Reset] resets everything.
func (s *Server) ResetJournal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.callLog = nil
}

// publicURL returns the parts of a URL that cannot contain a credential, or the
// empty string for text that is not a URL.
func publicURL(text string) string {
	parsed, err := url.Parse(text)
	if err != nil || parsed.Host == "" {
		return ""
	}
	return (&url.URL{Scheme: parsed.Scheme, Host: parsed.Host, Path: parsed.Path}).String()
}
