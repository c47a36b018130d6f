package main

import (
	"errors"
	"flag"
	"io"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// settings are the command line.
type settings struct {
	listen       string
	secretID     string
	secretKey    string
	sdkSecretKey string
	latency      time.Duration
	rate         int
	quota        int
	taskDuration time.Duration
	china        bool
}

// parse reads the command line. Usage and complaints go to stderr.
func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("trtcmock", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.listen, "listen", "127.0.0.1:8787", "`address` to listen on; port 0 picks a free one")
	flags.StringVar(&s.secretID, "secret-id", "AKIDmock", "accepted secret `id`")
	flags.StringVar(&s.secretKey, "secret-key", "mock-secret-key", "accepted secret `key`")
	flags.StringVar(&s.sdkSecretKey, "sdk-secret-key", "",
		"secret `key` of every app, to verify UserSig and PrivateMapKey with; empty: not verified")
	flags.DurationVar(&s.latency, "latency", 0, "pause before each answer")
	flags.IntVar(&s.rate, "rate", 20, "requests per second of each action and region; negative: no limit")
	flags.IntVar(&s.quota, "quota", 0, "how many tasks may run at once; 0: no limit")
	flags.DurationVar(&s.taskDuration, "task-duration", 0, "length of one play; 0: a play never ends")
	flags.BoolVar(&s.china, "china", false, "play the China site instead of the international one")
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	if flags.NArg() > 0 {
		return settings{}, errors.New("it takes flags only, no arguments")
	}
	return s, s.validate()
}

func (s settings) validate() error {
	switch {
	case s.secretID == "" || s.secretKey == "":
		return errors.New("-secret-id and -secret-key must not be empty")
	case s.latency < 0:
		return errors.New("-latency must not be negative")
	case s.rate == 0:
		return errors.New("-rate must not be 0")
	case s.quota < 0:
		return errors.New("-quota must not be negative")
	case s.taskDuration < 0:
		return errors.New("-task-duration must not be negative")
	}
	return nil
}

func (s settings) options() trtcmock.Options {
	return trtcmock.Options{
		Credentials:       map[string]string{s.secretID: s.secretKey},
		AnyAppKey:         s.sdkSecretKey,
		China:             s.china,
		Latency:           s.latency,
		RequestsPerSecond: s.rate,
		Quota:             s.quota,
		TaskDuration:      s.taskDuration,
	}
}
