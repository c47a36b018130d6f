package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"strings"
	"testing"
	"time"
)

func TestCommandLine(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"unknown flag":      {"-port", "1"},
		"argument":          {"serve"},
		"empty id":          {"-secret-id", ""},
		"empty key":         {"-secret-key", ""},
		"negative latency":  {"-latency", "-1s"},
		"rate 0":            {"-rate", "0"},
		"negative quota":    {"-quota", "-1"},
		"negative duration": {"-task-duration", "-1s"},
		"unknown site":      {"-site", "cn"},
		"key without URL":   {"-callback-key", "k"},
		"order without URL": {"-callbacks-reversed"},
		"plays without URL": {"-play-failures", "1"},
		"negative plays":    {"-play-failures", "-1", "-callback-url", "https://example.com/c"},
		"relative URL":      {"-callback-url", "/callback"},
		"URL of a file":     {"-callback-url", "file://host/callback"},
		"bad address":       {"-listen", "127.0.0.1:port"},
	} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	var usage bytes.Buffer
	if err := run(t.Context(), []string{"-h"}, io.Discard, &usage); !errors.Is(err, flag.ErrHelp) || !strings.Contains(usage.String(), "-sdk-secret-key") {
		t.Errorf("help: %v, %s", err, usage.String())
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	s, err := parse([]string{
		"-secret-id", "i", "-secret-key", "k", "-sdk-secret-key", "a", "-latency", "1s",
		"-rate", "-1", "-quota", "2", "-task-duration", "3m", "-site", "china",
		"-callback-url", "https://example.com/c", "-callback-key", "ck",
		"-callbacks-reversed", "-play-failures", "3",
	}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	got := s.mock
	if got.Credentials["i"] != "k" || got.AnyAppKey != "a" || got.Latency != time.Second || got.RequestsPerSecond != -1 ||
		got.Quota != 2 || got.TaskDuration != 3*time.Minute || !got.China ||
		got.CallbackURL != "https://example.com/c" || got.CallbackKey != "ck" || !got.CallbacksReversed || got.PlayFailures != 3 {
		t.Error("a flag is lost")
	}
	s, err = parse(nil, io.Discard)
	if err != nil || s.listen != "127.0.0.1:8787" || s.mock.Credentials["AKIDmock"] != "mock-secret-key" || s.mock.RequestsPerSecond != 20 || s.mock.China {
		t.Errorf("defaults: %v", err)
	}
}
