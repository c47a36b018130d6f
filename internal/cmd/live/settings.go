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

// settings is what the environment variables say.
type settings struct {
	tier     conformance.Tier
	only     *regexp.Regexp
	dryRun   bool
	listener bool
	// maxUSD is what the run may cost at most.
	maxUSD float64
	// config has endpoints, site, applications and streams.
	config         conformance.Config
	sts            cloudapi.Endpoint
	customEndpoint bool
}

// environment reads variables and collects what is wrong with them.
type environment struct {
	lookupEnv func(string) (string, bool)
	problems  []error
}

func (e *environment) get(name string) string {
	value, _ := e.lookupEnv(name)
	return strings.TrimSpace(value)
}

func (e *environment) isSet(name string) bool { return e.get(name) != "" && e.get(name) != "0" }

// check adds a problem of a variable. The value is not quoted: it may be a
// secret.
func (e *environment) check(name string, err error) {
	if err != nil {
		e.problems = append(e.problems, fmt.Errorf("%s: %w", name, err))
	}
}

var errMissing = errors.New("is not set")

// settings returns the settings and what is missing or invalid.
func (p program) settings() (settings, []error) {
	env := &environment{lookupEnv: p.lookupEnv}
	set := settings{dryRun: env.isSet("TRTC_LIVE_DRY_RUN"), listener: env.isSet("TRTC_LIVE_LISTENER")}
	if value := env.get("TRTC_LIVE_TIER"); value != "" {
		tier, err := strconv.ParseUint(value, 10, 2)
		if err != nil {
			err = errors.New("must be 0, 1, 2 or 3")
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
		env.check("TRTC_LIVE_ONLY", fmt.Errorf("matches no probe of the tiers 0 to %s", set.tier))
	}
	env.endpoints(&set)
	env.denied(&set)
	set.config.StreamURL, set.config.ClipURL = secret.New(env.get("TRTC_LIVE_STREAM_URL")), secret.New(env.get("TRTC_LIVE_CLIP_URL"))
	set.config.App = env.app("TRTC_LIVE_SDK_APP_ID", "TRTC_SDK_SECRET_KEY", set.tier > conformance.Tier0)
	set.config.NoPackageApp = env.app("TRTC_LIVE_NO_PACKAGE_SDK_APP_ID", "TRTC_LIVE_NO_PACKAGE_SDK_SECRET_KEY", false)
	set.config.PrivilegedApp = env.app("TRTC_LIVE_PRIVILEGED_SDK_APP_ID", "TRTC_LIVE_PRIVILEGED_SDK_SECRET_KEY", false)
	if set.tier > conformance.Tier0 {
		if set.config.StreamURL.IsEmpty() {
			env.check("TRTC_LIVE_STREAM_URL", errMissing)
		}
		env.budget(&set)
	}
	return set, env.problems
}

// budget compares the estimate with the maximum.
func (e *environment) budget(set *settings) {
	value := e.get("TRTC_LIVE_MAX_USD")
	if value == "" {
		e.check("TRTC_LIVE_MAX_USD", errMissing)
		return
	}
	maximum, err := strconv.ParseFloat(value, 64)
	if err != nil || !(maximum >= 0) {
		e.check("TRTC_LIVE_MAX_USD", errors.New("must be an amount in USD such as 1.50"))
		return
	}
	set.maxUSD = maximum
	if cost := set.cost(); cost > maximum {
		e.check("TRTC_LIVE_MAX_USD", fmt.Errorf("the run may cost up to %.2f USD, which exceeds the maximum of %.2f USD", cost, maximum))
	}
}

// endpoints sets the endpoints and the site as the provider does.
func (e *environment) endpoints(set *settings) {
	domain := e.get("TENCENTCLOUD_DOMAIN")
	if domain == "" {
		domain = trtcclient.InternationalDomain
	}
	set.config.China = domain == trtcclient.ChinaDomain
	resolve := func(service, variable string) (cloudapi.Endpoint, bool) {
		raw := e.get(variable)
		if raw == "" {
			endpoint, err := cloudapi.NewEndpoint("HTTPS", service+"."+domain)
			e.check("TENCENTCLOUD_DOMAIN", err)
			return endpoint, false
		}
		endpoint, err := cloudapi.ParseEndpoint(raw)
		e.check(variable, err)
		return endpoint, true
	}
	trtc, isCustom := resolve("trtc", "TENCENTCLOUD_TRTC_ENDPOINT")
	sts, isCustomSTS := resolve("sts", "TENCENTCLOUD_STS_ENDPOINT")
	set.config.Endpoint, set.sts = trtc, sts
	_, isTencents := trtcclient.RegionsOf(strings.TrimPrefix(trtc.Host, "trtc."))
	set.customEndpoint = !isTencents
	if !isCustom || isCustomSTS {
		set.config.STSEndpoint = &sts
	}
}

func (e *environment) denied(set *settings) {
	id, key := e.get("TRTC_LIVE_DENIED_SECRET_ID"), e.get("TRTC_LIVE_DENIED_SECRET_KEY")
	if id != "" && key != "" {
		set.config.Denied = &cloudapi.Credential{SecretID: id, SecretKey: secret.New(key)}
	}
}

// app returns an application, or none if it is not required and its variable is
// not set.
func (e *environment) app(idVariable, keyVariable string, required bool) conformance.App {
	id, key := e.get(idVariable), e.get(keyVariable)
	if !required && id == "" {
		return conformance.App{}
	}
	var app conformance.App
	var err error
	if id == "" {
		e.check(idVariable, errMissing)
	} else if app.ID, err = strconv.ParseUint(id, 10, 32); err != nil || app.ID == 0 {
		e.check(idVariable, errors.New(tickets.SdkAppIDRule))
	}
	if key == "" {
		e.check(keyVariable, errMissing)
		return app
	}
	app.Key, err = tickets.NewKey(key)
	e.check(keyVariable, err)
	return app
}

// acceptanceMinutes is the max_duration of the task of the acceptance test that
// make live runs after all probes of tier 2 or 3.
const acceptanceMinutes = 5

// cost returns the upper bound of what the run costs, in USD.
func (s settings) cost() float64 {
	cost := conformance.Cost(s.probes())
	if s.tier >= conformance.Tier2 && s.only.String() == "" {
		cost += acceptanceMinutes * conformance.PricePerMinute
	}
	return cost
}

// probes returns the probes that the tier and the pattern select.
func (s settings) probes() []conformance.Probe {
	var chosen []conformance.Probe
	for _, probe := range conformance.Probes() {
		if probe.Tier.In(s.tier) && s.only.MatchString(fmt.Sprintf("%d %s", probe.ID, probe.Fact)) {
			chosen = append(chosen, probe)
		}
	}
	return chosen
}
