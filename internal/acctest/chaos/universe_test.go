package chaos

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/tfserver"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// universe is what one sequence plays with.
type universe struct {
	ground *ground
	tally  *tally

	mock   *trtcmock.Server
	clock  *clocktest.Clock
	script script
	// cancel ends the operation that is under way.
	cancel context.CancelFunc
	logs   bytes.Buffer

	// region is the provider's default.
	region string
	server *tfcore.Provider

	slots   []*slot
	books   books
	secrets secrets
}

// slot is one resource block.
type slot struct {
	session *tfcore.Session
	// wish is nil while the block is not in the configuration.
	wish *wish
}

// holding returns the TaskId in the state, or nothing.
func (s *slot) holding() string {
	id, _ := s.session.State()["task_id"].(string)
	return id
}

// regions are those that a default region or a block may name.
func regions() []string { return []string{acctest.Region, "ap-mumbai"} }

func newUniverse(r *rapid.T, ground *ground, tally *tally) *universe {
	u := &universe{
		ground:  ground,
		tally:   tally,
		clock:   clocktest.New(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)),
		books:   newBooks(),
		secrets: newSecrets(),
	}
	// A stopped task that lingers and does not show yet would look gone.
	linger, delay := rapid.SampledFrom([]time.Duration{0, 0, 3 * time.Second, 10 * time.Second}).Draw(r, "linger"), time.Duration(0)
	if linger == 0 {
		delay = rapid.SampledFrom([]time.Duration{0, time.Second / 2}).Draw(r, "start delay")
	}
	u.mock = trtcmock.New(trtcmock.Options{
		Credentials:             map[string]string{acctest.SecretID: acctest.SecretKey},
		AppKeys:                 map[uint64]string{acctest.SdkAppID: acctest.SdkSecretKey},
		Now:                     u.clock.Now,
		Rand:                    rand.NewPCG(rapid.Uint64().Draw(r, "ids"), 0),
		Linger:                  linger,
		StartDelay:              delay,
		TaskDuration:            rapid.SampledFrom([]time.Duration{0, time.Hour}).Draw(r, "length of a play"),
		RegionBound:             rapid.Bool().Draw(r, "region bound"),
		UpdateGoneAnswersStatus: rapid.Bool().Draw(r, "update answers NotExist"),
	})
	ground.stage.Store(u)
	u.serveAnew(r, rapid.SampledFrom(regions()).Draw(r, "default region"))
	for range rapid.IntRange(2, 4).Draw(r, "resources") {
		u.slots = append(u.slots, &slot{session: u.session(r)})
	}
	return u
}

// serveAnew is the next run of the CLI: new provider processes, the same
// states.
func (u *universe) serveAnew(r *rapid.T, region string) {
	u.region = region
	u.server = u.connect(r, 0)
	for _, slot := range u.slots {
		slot.session.Serve(u.server)
	}
}

// connect serves a provider that waits for each answer for no longer than
// timeout; 0 means as long as it does by itself.
func (u *universe) connect(r *rapid.T, timeout time.Duration) *tfcore.Provider {
	served := tfserver.New(provider.New(provider.Options{
		Version:        "chaos",
		LookupEnv:      func(string) (string, bool) { return "", false },
		HomeDir:        func() (string, error) { return "/nonexistent", nil },
		Clock:          u.clock,
		Transport:      road{ground: u.ground, script: &u.script},
		AttemptTimeout: timeout,
	})())
	connected, err := tfcore.Connect(context.Background(), served)
	if err != nil {
		r.Fatal(err)
	}
	said := connected.Configure(context.Background(), tfcore.Values{
		"endpoint": u.ground.url, "secret_id": acctest.SecretID, "secret_key": acctest.SecretKey, "region": u.region,
	})
	if len(said) > 0 {
		r.Fatal(said)
	}
	return connected
}

func (u *universe) session(r *rapid.T) *tfcore.Session {
	session, err := u.server.Session(acctest.ResourceType)
	if err != nil {
		r.Fatal(err)
	}
	return session
}

// serve lets the script act on a call, and then the mock.
func (u *universe) serve(w http.ResponseWriter, request *http.Request) {
	action := request.Header.Get("X-TC-Action")
	mishap, hit := u.script.arriving(action)
	switch {
	case !hit:
	case mishap.kind == interruptBefore:
		u.cancel()
	case mishap.kind == interruptAfter:
		w = interrupting{ResponseWriter: w, cancel: u.cancel}
	default:
		if err := u.mock.Inject(mishap.fault(action)); err != nil {
			http.Error(w, err.Error(), http.StatusTeapot)
			return
		}
	}
	u.mock.ServeHTTP(w, request)
}

// logged is a context whose operation can be interrupted and whose log is kept.
func (u *universe) logged() context.Context {
	u.logs.Reset()
	ctx, cancel := context.WithCancel(tflogtest.RootLogger(context.Background(), &u.logs))
	u.cancel = cancel
	return ctx
}
