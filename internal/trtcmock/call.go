package trtcmock

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Call is one entry of the journal: a request that named an action, executed or
// not. It holds no secret: of parameters it has the names and the harmless
// values, of URLs neither user info nor query nor fragment.
//
//nolint:recvcheck // A call is a value; only its reader fills one in.
type Call struct {
	// Time is when the request arrived, on the injected clock.
	Time time.Time `json:"time"`
	// Action is X-TC-Action, or "metadata:<role>" for the metadata service.
	Action string `json:"action"`
	Region string `json:"region"`
	// Code is the error code that was answered; empty means none was.
	Code string `json:"code"`
	// Ran says whether the service did what was asked, whatever it answered.
	Ran bool `json:"ran"`
	// Fault is the kind of the fault that hit the call, if one did.
	Fault string `json:"fault,omitempty"`

	// TaskID is the one in the request or, for a Start that ran, the new one.
	TaskID    string `json:"task_id,omitempty"`
	RequestID string `json:"request_id,omitempty"`
	// SecretID is the key id that the request claims to be signed with.
	SecretID string `json:"secret_id,omitempty"`
	// TokenSent says whether the request carried X-TC-Token.
	TokenSent     bool   `json:"token_sent"`
	Language      string `json:"language,omitempty"`
	RequestClient string `json:"request_client,omitempty"`

	// Parameters are the names of the parameters in the body, sorted.
	Parameters []string `json:"parameters,omitempty"`
	SdkAppID   uint64   `json:"sdk_app_id,omitempty"`
	RoomID     string   `json:"room_id,omitempty"`
	UserID     string   `json:"user_id,omitempty"`
	StreamURL  string   `json:"stream_url,omitempty"`
	// Volume is nil when the parameter was not sent.
	Volume *uint64 `json:"volume,omitempty"`
	// Paused is IsPause; nil when the parameter was not sent.
	Paused *bool `json:"paused,omitempty"`

	// RoleArn and SessionName are those of AssumeRole and its like.
	RoleArn     string `json:"role_arn,omitempty"`
	SessionName string `json:"session_name,omitempty"`
}

// describeCall reads from a request what the journal keeps of it. Nothing has
// been verified yet, so what cannot be read is simply left out.
func describeCall(r *http.Request, body []byte, at time.Time) Call {
	call := Call{
		Time:          at,
		Action:        r.Header.Get("X-TC-Action"),
		Region:        r.Header.Get("X-TC-Region"),
		TokenSent:     r.Header.Get("X-TC-Token") != "",
		Language:      r.Header.Get("X-TC-Language"),
		RequestClient: r.Header.Get("X-TC-RequestClient"),
	}
	if claim, err := parseAuthorization(r.Header.Get("Authorization")); err == nil {
		call.SecretID = claim.secretID
	}
	var sent map[string]json.RawMessage
	if json.Unmarshal(body, &sent) != nil {
		return call
	}
	call.Parameters = slices.Sorted(maps.Keys(sent))
	call.readParameters(sent)
	return call
}

func (c *Call) readParameters(sent map[string]json.RawMessage) {
	read := func(name string, into any) bool {
		raw, ok := sent[name]
		return ok && json.Unmarshal(raw, into) == nil
	}
	read("TaskId", &c.TaskID)
	read("SdkAppId", &c.SdkAppID)
	read("RoomId", &c.RoomID)
	read("UserId", &c.UserID)
	read("Volume", &c.Volume)
	read("IsPause", &c.Paused)
	read("RoleArn", &c.RoleArn)
	read("RoleSessionName", &c.SessionName)
	var streamURL string
	if read("StreamUrl", &streamURL) {
		c.StreamURL = publicURL(streamURL)
	}
}

// clone returns a copy that shares no memory with the journal.
func (c Call) clone() Call {
	c.Parameters = slices.Clone(c.Parameters)
	c.Volume = clonePointer(c.Volume)
	c.Paused = clonePointer(c.Paused)
	return c
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	value := *p
	return &value
}

// publicURL returns the parts of a URL that cannot hold a credential, or the
// empty string for text that is no URL and might hold one anywhere.
func publicURL(text string) string {
	parsed, err := url.Parse(text)
	if err != nil || parsed.Host == "" {
		return ""
	}
	return (&url.URL{Scheme: parsed.Scheme, Host: parsed.Host, Path: parsed.Path}).String()
}
