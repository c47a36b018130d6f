package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// settings are the command-line flags.
type settings struct {
	version           bool
	listen            string
	secretID          string
	secretKey         string
	sdkSecretKey      string
	site              string
	latency           time.Duration
	rate              int
	quota             int
	taskDuration      time.Duration
	callbackURL       string
	callbackKey       string
	callbacksReversed bool
	playFailures      int
}

// parse reads the flags. Usage and errors are written to stderr.
func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("trtcmock", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.BoolVar(&s.version, "version", false, "print the version and exit")
	flags.StringVar(&s.listen, "listen", "127.0.0.1:8787", "`address` to listen on; port 0 picks a free one")
	flags.StringVar(&s.secretID, "secret-id", "AKIDmock", "accepted secret `id`")
	flags.StringVar(&s.secretKey, "secret-key", "mock-secret-key", "accepted secret `key`")
	flags.StringVar(&s.sdkSecretKey, "sdk-secret-key", "",
		"SDKSecretKey of every application, to verify UserSig and PrivateMapKey; empty: not verified")
	flags.StringVar(&s.site, "site", "intl", "`site`: intl or china")
	flags.DurationVar(&s.latency, "latency", 0, "delay of each response")
	flags.IntVar(&s.rate, "rate", 20, "requests per second, per action and region; negative: no limit")
	flags.IntVar(&s.quota, "quota", 0, "number of tasks that may run at once; 0: no limit")
	flags.DurationVar(&s.taskDuration, "task-duration", 0, "length of one play; 0: a play never ends")
	flags.StringVar(&s.callbackURL, "callback-url", "", "`URL` to post the events 701 and 702 of tasks to")
	flags.StringVar(&s.callbackKey, "callback-key", "", "`key` to sign the events with; empty: not signed")
	flags.BoolVar(&s.callbacksReversed, "callbacks-reversed", false, "post the events 701 of a task in reverse order")
	flags.IntVar(&s.playFailures, "play-failures", 0,
		"`number` of plays of a task that fail before one succeeds, as the events show; more than 3: none succeeds")
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	if flags.NArg() > 0 {
		return settings{}, errors.New("only flags are accepted, no arguments")
	}
	return s, s.validate()
}

func (s settings) validate() error {
	switch {
	case s.secretID == "" || s.secretKey == "":
		return errors.New("-secret-id and -secret-key must not be empty")
	case s.site != "intl" && s.site != "china":
		return fmt.Errorf("-site must be intl or china, not %q", s.site)
	case s.latency < 0:
		return errors.New("-latency must not be negative")
	case s.rate == 0:
		return errors.New("-rate must not be 0")
	case s.quota < 0:
		return errors.New("-quota must not be negative")
	case s.taskDuration < 0:
		return errors.New("-task-duration must not be negative")
	case s.playFailures < 0:
		return errors.New("-play-failures must not be negative")
	case s.callbackURL == "" && (s.callbackKey != "" || s.callbacksReversed || s.playFailures > 0):
		return errors.New("-callback-key, -callbacks-reversed and -play-failures require -callback-url")
	}
	if parsed, err := url.Parse(s.callbackURL); s.callbackURL != "" &&
		(err != nil || parsed.Hostname() == "" || parsed.Scheme != "http" && parsed.Scheme != "https") {
		return errors.New("-callback-url must be an absolute http or https URL")
	}
	return nil
}

func (s settings) options() trtcmock.Options {
	return trtcmock.Options{
		Credentials:       map[string]string{s.secretID: s.secretKey},
		AnyAppKey:         s.sdkSecretKey,
		China:             s.site == "china",
		Latency:           s.latency,
		RequestsPerSecond: s.rate,
		Quota:             s.quota,
		TaskDuration:      s.taskDuration,
		CallbackURL:       s.callbackURL,
		CallbackKey:       s.callbackKey,
		CallbacksReversed: s.callbacksReversed,
		PlayFailures:      s.playFailures,
	}
}
