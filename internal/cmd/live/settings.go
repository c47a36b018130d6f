package main

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/conformance"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// settings are the settings in the environment variables.
type settings struct {
	tier   conformance.Tier
	only   *regexp.Regexp
	dryRun bool
	// maxUSD is the maximum cost of the run.
	maxUSD float64
	// config has endpoints, site, application and stream.
	config         conformance.Config
	sts            cloudapi.Endpoint
	customEndpoint bool
}

// environment reads variables and collects their problems.
type environment struct {
	lookupEnv func(string) (string, bool)
	problems  []error
}

func (e *environment) get(name string) string {
	value, _ := e.lookupEnv(name)
	return strings.TrimSpace(value)
}

// required returns the value of a variable, and adds a problem if it is not set.
func (e *environment) required(name string) string {
	value := e.get(name)
	if value == "" {
		e.check(name, errors.New("is not set"))
	}
	return value
}

// check adds a problem of a variable. It does not quote the value, which can be a
// secret.
func (e *environment) check(name string, err error) {
	if err != nil {
		e.problems = append(e.problems, fmt.Errorf("%s: %w", name, err))
	}
}

// settings returns the settings, and the problems of missing or invalid variables.
func (p program) settings() (settings, []error) {
	env := &environment{lookupEnv: p.lookupEnv}
	dryRun := env.get("TRTC_LIVE_DRY_RUN")
	set := settings{dryRun: dryRun != "" && dryRun != "0"}
	if value := env.get("TRTC_LIVE_TIER"); value != "" {
		tier, err := strconv.ParseUint(value, 10, 1)
		if err != nil {
			err = errors.New("must be 0 or 1")
		}
		env.check("TRTC_LIVE_TIER", err)
		set.tier = conformance.Tier(tier)
	}
	var err error
	set.only, err = regexp.Compile(env.get("TRTC_LIVE_ONLY"))
	if err != nil {
		env.check("TRTC_LIVE_ONLY", errors.New("must be a regular expression"))
		set.only = regexp.MustCompile("")
	}
	if len(set.probes()) == 0 {
		env.check("TRTC_LIVE_ONLY", fmt.Errorf("matches no probe of the tiers 0 to %d", set.tier))
	}
	env.endpoints(&set)
	if set.tier == conformance.Tier1 {
		set.config.App = env.app()
		set.config.StreamURL = secret.New(env.required("TRTC_LIVE_STREAM_URL"))
		set.maxUSD = env.budget(set.cost())
	}
	return set, env.problems
}

// budget returns the maximum cost of the run, and adds a problem if the estimate
// exceeds the maximum.
func (e *environment) budget(cost float64) float64 {
	const name = "TRTC_LIVE_MAX_USD"
	value := e.required(name)
	maximum, err := strconv.ParseFloat(value, 64)
	switch {
	case value == "":
	case err != nil || !(maximum >= 0):
		e.check(name, errors.New("must be an amount in USD such as 1.50"))
	case cost > maximum:
		e.check(name, fmt.Errorf("the run may cost up to %.2f USD, which exceeds the maximum of %.2f USD", cost, maximum))
	}
	return maximum
}

// endpoints sets the endpoints and the site as the provider does.
func (e *environment) endpoints(set *settings) {
	domain := e.get("TENCENTCLOUD_DOMAIN")
	if domain == "" {
		domain = trtcclient.InternationalDomain
	}
	set.config.China = domain == trtcclient.ChinaDomain
	resolve := func(service, variable string) cloudapi.Endpoint {
		raw := e.get(variable)
		if raw == "" {
			endpoint, err := cloudapi.NewEndpoint("HTTPS", service+"."+domain)
			e.check("TENCENTCLOUD_DOMAIN", err)
			return endpoint
		}
		endpoint, err := cloudapi.ParseEndpoint(raw)
		e.check(variable, err)
		return endpoint
	}
	set.config.Endpoint = resolve("trtc", "TENCENTCLOUD_TRTC_ENDPOINT")
	set.sts = resolve("sts", "TENCENTCLOUD_STS_ENDPOINT")
	_, isTencents := trtcclient.RegionsOf(strings.TrimPrefix(set.config.Endpoint.Host, "trtc."))
	set.customEndpoint = !isTencents
}

// app returns the application of the tasks.
func (e *environment) app() conformance.App {
	var app conformance.App
	if id := e.required("TRTC_LIVE_SDK_APP_ID"); id != "" {
		number, err := strconv.ParseUint(id, 10, 32)
		if app.ID = int64(number); err != nil || app.ID == 0 {
			e.check("TRTC_LIVE_SDK_APP_ID", errors.New(tickets.SdkAppIDRule))
		}
	}
	if key := e.required("TRTC_SDK_SECRET_KEY"); key != "" {
		var err error
		app.Key, err = tickets.NewKey(key)
		e.check("TRTC_SDK_SECRET_KEY", err)
	}
	return app
}

// acceptanceMinutes is the max_duration of the task of the acceptance test that
// make live runs after all probes of tier 1.
const acceptanceMinutes = 5

// cost returns the upper bound of the cost of the run, in USD.
func (s settings) cost() float64 {
	minutes := 0
	for _, probe := range s.probes() {
		minutes += probe.Minutes
	}
	if s.tier == conformance.Tier1 && s.only.String() == "" {
		minutes += acceptanceMinutes
	}
	return conformance.Cost(minutes)
}

// matches reports whether the pattern selects a probe.
func (s settings) matches(probe conformance.Probe) bool {
	return s.only.MatchString(fmt.Sprintf("%d %s", probe.ID, probe.Fact))
}

// probes returns the probes that the tier and the pattern select.
func (s settings) probes() []conformance.Probe {
	var chosen []conformance.Probe
	for _, probe := range conformance.Probes() {
		if probe.Tier <= s.tier && s.matches(probe) {
			chosen = append(chosen, probe)
		}
	}
	return chosen
}
