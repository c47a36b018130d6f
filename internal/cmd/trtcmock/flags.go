package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// settings are the command-line flags.
type settings struct {
	version bool
	listen  string
	mock    trtcmock.Options
}

// parse reads the flags. Usage and errors are written to stderr.
func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("trtcmock", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.BoolVar(&s.version, "version", false, "print the version and exit")
	flags.StringVar(&s.listen, "listen", "127.0.0.1:8787", "`address` to listen on; port 0 picks a free one")
	secretID := flags.String("secret-id", "AKIDmock", "accepted secret `id`")
	secretKey := flags.String("secret-key", "mock-secret-key", "accepted secret `key`")
	flags.StringVar(&s.mock.AnyAppKey, "sdk-secret-key", "",
		"SDKSecretKey of every application, to verify UserSig and PrivateMapKey; empty: not verified")
	site := flags.String("site", "intl", "`site`: intl or china")
	flags.DurationVar(&s.mock.Latency, "latency", 0, "delay of each response")
	flags.IntVar(&s.mock.RequestsPerSecond, "rate", 20, "requests per second, per action and region; negative: no limit")
	flags.IntVar(&s.mock.Quota, "quota", 0, "number of tasks that may run at once; 0: no limit")
	flags.DurationVar(&s.mock.TaskDuration, "task-duration", 0, "length of one play; 0: a play never ends")
	flags.StringVar(&s.mock.CallbackURL, "callback-url", "", "`URL` to post the events 701 and 702 of tasks to")
	flags.StringVar(&s.mock.CallbackKey, "callback-key", "", "`key` to sign the events with; empty: not signed")
	flags.BoolVar(&s.mock.CallbacksReversed, "callbacks-reversed", false, "post the events 701 of a task in reverse order")
	flags.IntVar(&s.mock.PlayFailures, "play-failures", 0,
		"`number` of plays of a task that fail before one succeeds, as the events show; more than 3: none succeeds")
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	switch {
	case flags.NArg() > 0:
		return settings{}, errors.New("only flags are accepted, no arguments")
	case *secretID == "" || *secretKey == "":
		return settings{}, errors.New("-secret-id and -secret-key must not be empty")
	case *site != "intl" && *site != "china":
		return settings{}, fmt.Errorf("-site must be intl or china, not %q", *site)
	}
	s.mock.Credentials, s.mock.China = map[string]string{*secretID: *secretKey}, *site == "china"
	return s, validate(s.mock)
}

func validate(mock trtcmock.Options) error {
	switch {
	case mock.Latency < 0:
		return errors.New("-latency must not be negative")
	case mock.RequestsPerSecond == 0:
		return errors.New("-rate must not be 0")
	case mock.Quota < 0:
		return errors.New("-quota must not be negative")
	case mock.TaskDuration < 0:
		return errors.New("-task-duration must not be negative")
	case mock.PlayFailures < 0:
		return errors.New("-play-failures must not be negative")
	case mock.CallbackURL == "" && (mock.CallbackKey != "" || mock.CallbacksReversed || mock.PlayFailures > 0):
		return errors.New("-callback-key, -callbacks-reversed and -play-failures require -callback-url")
	}
	if parsed, err := url.Parse(mock.CallbackURL); mock.CallbackURL != "" &&
		(err != nil || parsed.Hostname() == "" || parsed.Scheme != "http" && parsed.Scheme != "https") {
		return errors.New("-callback-url must be an absolute http or https URL")
	}
	return nil
}
