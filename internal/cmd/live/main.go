// Command live compares this project's assumptions about TRTC's stream-ingest API
// with the real service. See the guide "Validate against your account".
//
// Exit codes: 0 every response is as expected, 1 a response differs, 2 refused and
// no request was sent, 3 inconclusive or a task may still run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/conformance"
	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
)

// version is set by the linker.
var version = "dev"

// The exit codes.
const (
	exitEqual = iota
	exitDifferent
	exitRefused
	exitInconclusive
)

// snapshots is the directory of the snapshots, relative to the root of the
// repository.
const snapshots = "internal/conformance/testdata"

func main() {
	// A closed pipe must not end the run before its tasks are stopped.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code := program{
		lookupEnv: os.LookupEnv, homeDir: os.UserHomeDir, clock: clock.System(),
		stdout: os.Stdout,
	}.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// program is the command and its dependencies.
type program struct {
	lookupEnv func(string) (string, bool)
	homeDir   func() (string, error)
	clock     clock.Clock
	stdout    io.Writer
}

func (p program) printf(format string, args ...any) { _, _ = fmt.Fprintf(p.stdout, format, args...) }

// refuse prints the reasons why no request is sent.
func (p program) refuse(reasons ...error) int {
	for _, reason := range reasons {
		p.printf("live: %v\n", reason)
	}
	p.printf("live: no request was sent\n")
	return exitRefused
}

func (p program) run(ctx context.Context, args []string) int {
	flags := flag.NewFlagSet("live", flag.ContinueOnError)
	flags.SetOutput(p.stdout)
	summary := flags.Bool("summary", false, "print how many facts are validated, and end")
	dir := flags.String("snapshots", "", "the directory of the snapshots; with an endpoint that is not Tencent's, observations are written only if it is given")
	if err := flags.Parse(args); err != nil {
		return exitRefused
	}
	record := *dir != ""
	if !record {
		*dir = filepath.FromSlash(snapshots)
	}
	if *summary {
		line, err := conformance.Summary(*dir)
		if err != nil {
			return p.refuse(err)
		}
		p.printf("%s\n", line)
		return exitEqual
	}
	set, problems := p.settings()
	probes := set.probes()
	p.printPlan(set, probes)
	if len(problems) > 0 {
		return p.refuse(problems...)
	}
	if set.dryRun {
		p.printf("Dry run: no request was sent.\n")
		return exitEqual
	}
	config, err := p.configure(ctx, set)
	if err != nil {
		return p.refuse(err)
	}
	store := ""
	if record || !set.customEndpoint {
		store = *dir
	}
	return p.probe(ctx, config, probes, *dir, store)
}

// configure finds the credentials and opens the start journal. It sends no request
// to TRTC, but can call STS to assume a role.
func (p program) configure(ctx context.Context, set settings) (conformance.Config, error) {
	config := set.config
	resolved, err := credentials.Resolve(credentials.Arguments{}, credentials.Environment{
		LookupEnv: p.lookupEnv, HomeDir: p.homeDir, Clock: p.clock, STSEndpoint: set.sts,
		API: cloudapi.NewClient(cloudapi.Config{Clock: p.clock, UserAgent: "terraform-provider-trtc live"}),
	})
	if err != nil {
		return config, err
	}
	if _, err := resolved.Source.Retrieve(ctx); err != nil {
		return config, err
	}
	if config.Region = resolved.Region; config.Region == "" {
		config.Region = "ap-singapore" // Both sites have it.
	}
	config.Credentials = resolved.Source
	config.Clock, config.Transport = p.clock, cloudapi.NewTransport()
	config.Notice = func(text string) { p.printf("! %s\n", text) }
	config.Journal, err = p.openJournal()
	return config, err
}

// openJournal opens the start journal of this command, in a directory next to the
// start journal of the provider.
func (p program) openJournal() (*journal.Journal, error) {
	config := journal.Config{GOOS: runtime.GOOS, LookupEnv: p.lookupEnv, HomeDir: p.homeDir, Clock: p.clock}
	dir, _ := p.lookupEnv("TRTC_START_JOURNAL")
	dir = strings.TrimSpace(dir)
	if dir == "" || dir == "off" {
		starts, err := journal.Open(config)
		if err != nil {
			return nil, err
		}
		dir = filepath.Dir(starts.Dir())
	}
	config.Dir = filepath.Join(dir, "live")
	return journal.Open(config)
}

// probe stops the tasks that earlier runs have left, runs the probes, prints the
// outcomes, and appends them to the snapshots in store, unless store is empty.
func (p program) probe(ctx context.Context, config conformance.Config, probes []conformance.Probe, dir, store string) int {
	run, label := conformance.New(config), conformance.NewLabel()
	expected := map[int]conformance.Observation{}
	for _, probe := range probes {
		snapshot, err := conformance.ReadSnapshot(dir, probe)
		if err != nil {
			return p.refuse(err)
		}
		expected[probe.ID] = snapshot.Expected(probe, config.China)
	}
	if err := run.Recover(ctx); err != nil {
		p.printf("! The journal could not be read: %v\n", err)
		return exitInconclusive
	}
	counts := map[conformance.Verdict]int{}
	if err := run.Check(ctx); err != nil {
		p.printf("! %v\n", err)
		return p.conclude(run.Uncertain(), err, counts)
	}
	for _, probe := range probes {
		outcome := run.Probe(ctx, probe, expected[probe.ID])
		counts[outcome.Verdict]++
		p.printOutcome(outcome)
		if store == "" || outcome.Observed == nil {
			continue
		}
		record := conformance.Record{
			Site: conformance.Site(config.China), Date: p.clock.Now().UTC().Format("2006-01-02"),
			Version: version, AccountLabel: label, Observed: outcome.Observed,
		}
		if err := conformance.Append(store, probe, record); err != nil {
			p.printf("! The observation is not recorded: %v\n", err)
		}
	}
	err := run.Err(ctx)
	p.printf("\n%d equal, %d different, %d inconclusive\n",
		counts[conformance.Equal], counts[conformance.Different], counts[conformance.Inconclusive])
	if err != nil && !errors.Is(err, context.Canceled) {
		p.printf("! The run ended early: %v\n", err)
	}
	return p.conclude(run.Uncertain(), err, counts)
}

func (p program) conclude(uncertain bool, err error, counts map[conformance.Verdict]int) int {
	if uncertain {
		p.printf("! A task may still be running.\n")
		return exitInconclusive
	}
	p.printf("No task of this run is running.\n")
	switch {
	case counts[conformance.Different] > 0:
		return exitDifferent
	case err != nil || counts[conformance.Inconclusive] > 0:
		return exitInconclusive
	default:
		return exitEqual
	}
}
