package trtcmock

import (
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"time"
)

// defaultRequestsPerSecond is the documented rate of each of the four actions.
const defaultRequestsPerSecond = 20

// Options says which account, apps and site a [Server] plays. Only Credentials
// is required: without any, no signature is accepted.
//
// Options holds secret keys and therefore prints as a placeholder.
type Options struct {
	// Credentials are the accepted long-lived keys: secret id → secret key.
	Credentials map[string]string
	// Tokens are the security tokens without which a key of Credentials is
	// refused: secret id → token. A key that is not listed must come without.
	Tokens map[string]string

	// AppKeys are the secret keys of TRTC applications, by SdkAppId. A UserSig or
	// PrivateMapKey for one of these apps is verified in full.
	AppKeys map[uint64]string
	// AnyAppKey is the secret key of every app that AppKeys does not list. When
	// it is empty, tickets for those apps need only be non-empty.
	AnyAppKey string
	// PrivilegedApps are the apps with advanced permission control: a Start for
	// one of them needs a PrivateMapKey.
	PrivilegedApps map[uint64]bool

	// China selects the China site: its regions, Volume up to 200, and the
	// parameters EnableProgress, Tempo and IdleTimeout.
	China bool
	// RegionBound hides a task from every region but the one it was started in.
	// Whether the service does so is not documented.
	RegionBound bool
	// UpdateGoneAnswersStatus makes UpdateStreamIngest answer success with status
	// NotExist for a task that is gone, instead of FailedOperation.TaskNotExist.
	UpdateGoneAnswersStatus bool

	// Latency is a real pause between execution and answer. It ends early when
	// the caller goes away.
	Latency time.Duration
	// RequestsPerSecond is how many requests of one action, region and secret id
	// are executed in any second. 0 means 20; negative means no limit.
	RequestsPerSecond int
	// Quota is how many tasks may be alive at once, in total. 0 means no limit.
	Quota int

	// TaskDuration is the length of one play. A task ends after TaskDuration ×
	// RepeatNum; a pause does not stop that clock. 0 means a play never ends.
	// Independently of it, a task with RepeatNum -1 ends after MaxDuration.
	TaskDuration time.Duration
	// Linger is for how long after StopStreamIngest a task is still InProgress
	// and keeps its room and user occupied.
	Linger time.Duration
	// StartDelay is for how long after StartStreamIngest a Describe of the new
	// task still says NotExist.
	StartDelay time.Duration

	// STSCredentialLife is the life of every temporary credential. 0 means what
	// DurationSeconds asks for, or two hours.
	STSCredentialLife time.Duration
	// Roles are the ARNs that may be assumed; nil means any.
	Roles map[string]bool
	// WebIdentityTokens are the tokens AssumeRoleWithWebIdentity accepts; nil
	// means any that is not empty.
	WebIdentityTokens map[string]bool
	// CVMRoles are the roles that the metadata service has credentials for.
	CVMRoles []string

	// Now is the clock of everything but Latency and delays: signature window,
	// rate, tasks, tickets, credentials. nil means time.Now.
	Now func() time.Time
	// Rand feeds task ids, request ids and temporary credentials. nil means
	// crypto/rand. It need not be safe for concurrent use.
	Rand rand.Source
}

// Format writes a placeholder, because Options holds secret keys.
func (Options) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "trtcmock.Options{redacted}")
}

// LogValue returns a placeholder, because Options holds secret keys.
func (Options) LogValue() slog.Value {
	return slog.StringValue("trtcmock.Options{redacted}")
}

func (o Options) withDefaults() Options {
	if o.RequestsPerSecond == 0 {
		o.RequestsPerSecond = defaultRequestsPerSecond
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = cryptoSource{}
	}
	return o
}
