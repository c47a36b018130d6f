package trtcmock

import (
	"context"
	cryptorand "crypto/rand"
	"fmt"
	"io"
	"math/rand/v2"
	"time"
)

// defaultRequestsPerSecond is the documented rate of each of the four actions.
const defaultRequestsPerSecond = 20

// Options describes the account, the apps and the site of a [Server]. Without
// Credentials, no signature is accepted. Everything else is optional.
//
// Options holds secret keys and therefore prints as a placeholder.
type Options struct {
	// Credentials are the accepted permanent keys: secret id → secret key.
	Credentials map[string]string
	// Tokens are the security tokens that keys of Credentials require: secret
	// id → token. A key that is not listed must be used without a token.
	Tokens map[string]string

	// Accounts are the account IDs (UIN) that GetCallerIdentity returns for keys of
	// Credentials: secret id → account. The default is "100000000001". A role has
	// the account of its ARN.
	Accounts map[string]string

	// AppKeys are the SDKSecretKeys of applications, by SdkAppId. UserSig and
	// PrivateMapKey of these applications are verified.
	AppKeys map[uint64]string
	// AnyAppKey is the SDKSecretKey of every other application. If it is empty,
	// tickets of those applications must only be non-empty.
	AnyAppKey string
	// PrivilegedApps are the applications with advanced permission control: a
	// Start for one of them requires a PrivateMapKey.
	PrivilegedApps map[uint64]bool

	// China selects the China site: its regions, Volume up to 200, and the
	// parameters EnableProgress, Tempo and IdleTimeout.
	China bool
	// RegionBound hides a task from all regions except the region in which the task
	// was started.
	RegionBound bool
	// EndedUpdateReturnsStatus makes UpdateStreamIngest return status NotExist for
	// an ended task, instead of FailedOperation.TaskNotExist.
	EndedUpdateReturnsStatus bool

	// Latency is a delay in real time between execution and response. The delay ends
	// early if the caller disconnects.
	Latency time.Duration
	// RequestsPerSecond is the limit per action, region and secret id. 0 means
	// 20; negative means no limit.
	RequestsPerSecond int
	// Quota is the number of tasks that may be alive at once. 0 means no limit.
	Quota int

	// TaskDuration is the length of one play. A task ends after TaskDuration ×
	// RepeatNum. 0 means that a play never ends. Independently of it, a task with
	// RepeatNum -1 ends after MaxDuration.
	TaskDuration time.Duration
	// Linger is the time after StopStreamIngest during which a task is still
	// InProgress and its room and user are in use.
	//
	// Assumption: probe 35.
	Linger time.Duration
	// StartDelay is the time after StartStreamIngest during which a Describe of the
	// new task returns NotExist.
	//
	// Assumption: probe 31.
	StartDelay time.Duration

	// CallbackURL receives the events 701 and 702 of all tasks. If CallbackURL is
	// empty, no event is posted. The caller must call [Server.Close] in the end.
	CallbackURL string
	// CallbackKey signs the events. If CallbackKey is empty, events are not signed.
	CallbackKey string
	// CallbacksReversed posts the events 701 of a task in reverse order.
	CallbacksReversed bool
	// PlayFailures is the number of plays of a task that fail before a play succeeds,
	// as the events show. The service retries three times, so a task with more than
	// three failures never plays.
	PlayFailures int

	// STSCredentialLife is the lifetime of temporary credentials. 0 means
	// DurationSeconds, or two hours.
	STSCredentialLife time.Duration
	// Roles are the ARNs that may be assumed; nil means any.
	Roles map[string]bool
	// WebIdentityTokens are the tokens that AssumeRoleWithWebIdentity accepts;
	// nil means any that is not empty.
	WebIdentityTokens map[string]bool
	// CVMRoles are the roles that the metadata service has credentials for.
	CVMRoles []string

	// Now is the clock of everything except Latency, delays and the timeout of
	// callbacks. nil means time.Now.
	Now func() time.Time
	// Sleep waits for the end of tasks and between the attempts of a callback. It
	// returns the error of a context that ends first. nil means real time.
	Sleep func(context.Context, time.Duration) error
	// Rand generates task IDs, request IDs and temporary credentials. nil means
	// a random seed. It need not be safe for concurrent use.
	Rand rand.Source
}

// Format writes a placeholder, because Options holds secret keys.
func (Options) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "trtcmock.Options{redacted}")
}

func (o Options) withDefaults() Options {
	if o.RequestsPerSecond == 0 {
		o.RequestsPerSecond = defaultRequestsPerSecond
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Rand == nil {
		var seed [32]byte
		_, _ = cryptorand.Read(seed[:]) // It never returns an error.
		o.Rand = rand.NewChaCha8(seed)
	}
	return o
}
