package trtcclient

import (
	"context"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// StartAction is the API action of Start.
const StartAction = "StartStreamIngest"

// maxTaskID is the longest TaskId that is accepted, in bytes.
const maxTaskID = 512

// StartInput holds the parameters of StartStreamIngest. A nil pointer or empty
// secret is not sent.
type StartInput struct {
	SdkAppID int64 `json:"SdkAppId"` // the application: 1 to 4294967295
	// RoomID is the room: a decimal from 1 to 4294967295 if RoomIDType is 1, or 1 to
	// 64 bytes of the string-room set if it is 0.
	RoomID         string      `json:"RoomId"`
	RoomIDType     int64       `json:"RoomIdType"`               // 0 for a string room, 1 for a 32-bit integer room
	UserID         string      `json:"UserId"`                   // the relay robot: 1 to 32 of a-zA-Z0-9_-
	StreamURL      secret.Text `json:"-"`                        // the media stream; its query may hold a secret
	SeekSecond     *int64      `json:"SeekSecond,omitempty"`     // the start position in seconds, from 0
	AutoPush       *bool       `json:"AutoPush,omitempty"`       // also relay to the CDN
	RepeatNum      *int64      `json:"RepeatNum,omitempty"`      // -1 (endless), or 1 to 1000 plays
	MaxDuration    *int64      `json:"MaxDuration,omitempty"`    // 1 to 10080 minutes, effective only with RepeatNum -1
	Volume         *int64      `json:"Volume,omitempty"`         // 0 to 100 (original), on the China site 0 to 200
	Tempo          *float64    `json:"Tempo,omitempty"`          // the speed: 0.5, 0.75, 1, 1.25, 1.5, 1.75 or 2; China site only
	EnableProgress *bool       `json:"EnableProgress,omitempty"` // sends the progress to the players as custom data; China site only
	// IdleTimeout is how many seconds the task is idle before it ends: 0 to 600.
	// China site only.
	IdleTimeout *int64 `json:"IdleTimeout,omitempty"`
}

// Tickets are the tickets of the robot that joins the room. An empty UserSig is
// sent, an empty PrivateMapKey is not.
type Tickets struct {
	UserSig       secret.Text // the login ticket
	PrivateMapKey secret.Text // the room-entry ticket, for advanced permission control
}

// Started is the result of a start.
type Started struct {
	TaskID string
	// EarlierRun is when an earlier attempt that may have run too was sent, or
	// zero: a second task may be running.
	EarlierRun time.Time
}

// startParameters is StartInput with Tickets as they are sent.
type startParameters struct {
	StartInput

	UserSig       string `json:"UserSig"`
	StreamURL     string `json:"StreamUrl,omitempty"`
	PrivateMapKey string `json:"PrivateMapKey,omitempty"`
}

// startOutput is the response of StartStreamIngest.
type startOutput struct {
	TaskID string `json:"TaskId"`
}

// IsComplete requires a TaskId of at most 512 bytes without control and format
// characters, which would change how a terminal shows it. The decoder puts the
// replacement character where it lost one, and then the TaskId names no task.
func (o startOutput) IsComplete() bool {
	misleading := func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) || r == utf8.RuneError }
	return o.TaskID != "" && len(o.TaskID) <= maxTaskID && !strings.ContainsFunc(o.TaskID, misleading)
}

// Start calls StartStreamIngest, which starts a task. It is retried only if the
// service provably did not run it or asked for a retry. Canceling ctx ends a start
// that waits or connects. A start that is written runs until its response, the
// attempt's timeout, or ctx's deadline.
//
// Each attempt calls tickets, which returns the tickets that are valid at the
// time that ClockSkew gives, and the context to observe the attempt with. An
// attempt is not written if the clock was corrected since.
//
// received is called with the TaskId as soon as it is read, before anything else,
// even logging.
//
// The error is an *Error, whose MayHaveRun is set whenever a task may be
// running anyway.
func (c *Client) Start(
	ctx context.Context, region string, in StartInput, tickets func(context.Context) (context.Context, Tickets), received func(taskID string),
) (Started, error) {
	var out startOutput
	call := &call{
		client: c,
		action: StartAction,
		region: region,
		policy: startPolicy,
		start:  true,
		onResponse: func() {
			if out.IsComplete() {
				received(out.TaskID)
			}
		},
	}
	call.prepare = func(ctx context.Context) context.Context {
		ctx, valid := tickets(ctx)
		call.parameters = startParameters{
			StartInput: in, UserSig: valid.UserSig.Reveal(), StreamURL: in.StreamURL.Reveal(), PrivateMapKey: valid.PrivateMapKey.Reveal(),
		}
		call.secrets = append(secretsOfURL(in.StreamURL), valid.UserSig, valid.PrivateMapKey)
		return ctx
	}
	if err := call.do(ctx, &out); err != nil {
		return Started{}, err
	}
	return Started{TaskID: out.TaskID, EarlierRun: call.since}, nil
}

// A shorter value of a query, such as 1, or element of a path, such as live, is
// too common in any text to be redacted.
const (
	minQueryValue  = 4
	minPathElement = 12
)

// secretsOfURL returns the URL and its parts that can grant access, as they are
// and without escapes, because a message can quote either.
func secretsOfURL(address secret.Text) []secret.Text {
	secrets := []secret.Text{address}
	parsed, err := url.Parse(address.Reveal())
	if err != nil {
		return secrets
	}
	if parsed.User != nil {
		password, named := parsed.User.Password()
		if !named {
			password = parsed.User.Username()
		}
		secrets = append(secrets, secret.New(password), secret.New(escapedPassword(address.Reveal())))
	}
	for escaped := range strings.SplitSeq(parsed.EscapedPath(), "/") {
		if element, err := url.PathUnescape(escaped); err == nil && len(element) >= minPathElement {
			secrets = append(secrets, secret.New(element), secret.New(escaped)) // such as the stream key of RTMP
		}
	}
	secrets = append(secrets, secret.New(parsed.RawQuery))
	for pair := range strings.SplitSeq(parsed.RawQuery, "&") {
		name, escaped, found := strings.Cut(pair, "=")
		if !found {
			escaped = name
		}
		value, err := url.QueryUnescape(escaped)
		if err != nil {
			value = escaped
		}
		if len(value) >= minQueryValue {
			secrets = append(secrets, secret.New(value), secret.New(escaped))
		}
	}
	return secrets
}

// escapedPassword returns the password of a URL as the URL has it, or the user of a
// URL without a password.
func escapedPassword(address string) string {
	_, rest, _ := strings.Cut(address, "//")
	authority, _, _ := strings.Cut(rest, "/")
	user := authority[:max(0, strings.LastIndexByte(authority, '@'))]
	if _, password, named := strings.Cut(user, ":"); named {
		return password
	}
	return user
}
