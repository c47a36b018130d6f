package chaos

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strconv"
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

// simulation is the environment of one sequence.
type simulation struct {
	harness *harness

	mock   *trtcmock.Server
	clock  *clocktest.Clock
	script script
	// cancel cancels the current operation.
	cancel context.CancelFunc
	logs   bytes.Buffer

	// region is the provider's default region.
	region string
	server *tfcore.Provider

	// journal is the directory of the start journal.
	journal string

	slots   []*slot
	ledger  ledger
	secrets secrets
}

// slot is one resource block.
type slot struct {
	session *tfcore.Session
	// config is nil if the block is not in the configuration.
	config *config
}

// taskID returns the TaskId in the state; empty if there is none.
func (s *slot) taskID() string {
	id, _ := s.session.State()["task_id"].(string)
	return id
}

// regions returns the regions of providers and blocks.
func regions() []string { return []string{acctest.Region, "ap-mumbai"} }

func newSimulation(r *rapid.T, harness *harness) *simulation {
	sim := &simulation{
		harness: harness,
		clock:   clocktest.New(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)),
		journal: filepath.Join(harness.journals, strconv.FormatInt(harness.sequences.Add(1), 10)),
		ledger:  newLedger(),
		secrets: newSecrets(),
	}
	// With both, a stopped task would be NotExist before it has ended.
	linger, delay := rapid.SampledFrom([]time.Duration{0, 0, 3 * time.Second, 10 * time.Second}).Draw(r, "linger"), time.Duration(0)
	if linger == 0 {
		delay = rapid.SampledFrom([]time.Duration{0, time.Second / 2}).Draw(r, "start delay")
	}
	sim.mock = trtcmock.New(trtcmock.Options{
		Credentials:              map[string]string{acctest.SecretID: acctest.SecretKey},
		AppKeys:                  map[uint64]string{acctest.SdkAppID: acctest.SdkSecretKey},
		Now:                      sim.clock.Now,
		Rand:                     rand.NewPCG(rapid.Uint64().Draw(r, "ids"), 0),
		Linger:                   linger,
		StartDelay:               delay,
		TaskDuration:             rapid.SampledFrom([]time.Duration{0, time.Hour}).Draw(r, "length of a play"),
		RegionBound:              rapid.Bool().Draw(r, "region bound"),
		EndedUpdateReturnsStatus: rapid.Bool().Draw(r, "update returns NotExist"),
	})
	harness.current.Store(sim)
	sim.restart(r, rapid.SampledFrom(regions()).Draw(r, "default region"))
	for range rapid.IntRange(2, 4).Draw(r, "resources") {
		sim.slots = append(sim.slots, &slot{session: sim.server.Session(acctest.ResourceType)})
	}
	return sim
}

// restart is the next run of the CLI: a new provider with the same states.
func (sim *simulation) restart(r *rapid.T, region string) {
	sim.region = region
	var reported tfcore.Diagnostics
	sim.server, reported = sim.connect(r, sim.journal, 0)
	sim.auditReports(r, reported)
	for _, slot := range sim.slots {
		slot.session.Serve(sim.server)
	}
}

// connect serves a provider with a start journal and a timeout for each attempt; 0
// means the provider's default. It returns the warnings about the start journal.
func (sim *simulation) connect(r *rapid.T, journal string, timeout time.Duration) (*tfcore.Provider, tfcore.Diagnostics) {
	served := tfserver.New(provider.New(provider.Options{
		Version: "chaos",
		LookupEnv: func(name string) (string, bool) {
			if name == "TRTC_START_JOURNAL" {
				return journal, true
			}
			return "", false
		},
		HomeDir:        func() (string, error) { return "/nonexistent", nil },
		Clock:          sim.clock,
		Transport:      transport{harness: sim.harness, script: &sim.script, kill: func() { sim.cancel() }},
		AttemptTimeout: timeout,
	})())
	connected, err := tfcore.Connect(context.Background(), served)
	if err != nil {
		r.Fatal(err)
	}
	diags := connected.Configure(context.Background(), tfcore.Values{
		"endpoint": sim.harness.url, "secret_id": acctest.SecretID, "secret_key": acctest.SecretKey, "region": sim.region,
	})
	if len(diags) != len(diags.Mentioning("Interrupted starts were found")) {
		r.Fatal(diags)
	}
	return connected, diags
}

// serve applies the script to a call and passes it to the mock.
func (sim *simulation) serve(w http.ResponseWriter, request *http.Request) {
	action := request.Header.Get("X-TC-Action")
	fault, hit := sim.script.serviceFault(action)
	switch {
	case !hit:
	case fault.kind == interruptBefore, fault.kind == orphanBefore:
		sim.cancel()
	case fault.kind == interruptAfter, fault.kind == orphanAfter:
		w = interrupting{ResponseWriter: w, cancel: sim.cancel}
	default:
		if err := sim.mock.Inject(fault.mockFault(action)); err != nil {
			http.Error(w, err.Error(), http.StatusTeapot)
			return
		}
	}
	sim.mock.ServeHTTP(w, request)
}

// loggedContext returns a context that cancel cancels and whose log is kept.
func (sim *simulation) loggedContext() context.Context {
	sim.logs.Reset()
	ctx, cancel := context.WithCancel(tflogtest.RootLogger(context.Background(), &sim.logs))
	sim.cancel = cancel
	return ctx
}
