package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	without := func(names ...string) func(map[string]string) {
		return func(env map[string]string) {
			for _, name := range names {
				delete(env, name)
			}
		}
	}
	set := func(name, value string) func(map[string]string) {
		return func(env map[string]string) { env[name] = value }
	}
	for name, test := range map[string]struct {
		change func(map[string]string)
		want   string
	}{
		"no credentials": {without("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"), "no credentials"},
		"no credentials, tier 0": {func(env map[string]string) {
			without("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TRTC_LIVE_TIER")(env)
		}, "no credentials"},
		"no application":  {without("TRTC_LIVE_SDK_APP_ID"), "TRTC_LIVE_SDK_APP_ID: is not set"},
		"no app key":      {without("TRTC_SDK_SECRET_KEY"), "TRTC_SDK_SECRET_KEY: is not set"},
		"no stream":       {without("TRTC_LIVE_STREAM_URL"), "TRTC_LIVE_STREAM_URL: is not set"},
		"no maximum":      {without("TRTC_LIVE_MAX_USD"), "TRTC_LIVE_MAX_USD: is not set"},
		"too expensive":   {set("TRTC_LIVE_MAX_USD", "1.27"), "up to 1.28 USD, which exceeds the maximum of 1.27 USD"},
		"no amount":       {set("TRTC_LIVE_MAX_USD", "much"), "must be an amount"},
		"NaN":             {set("TRTC_LIVE_MAX_USD", "NaN"), "must be an amount"},
		"tier 2":          {set("TRTC_LIVE_TIER", "2"), "must be 0 or 1"},
		"bad pattern":     {set("TRTC_LIVE_ONLY", "("), "must be a regular expression"},
		"no probe":        {set("TRTC_LIVE_ONLY", "^37 "), "matches no probe"},
		"bad application": {set("TRTC_LIVE_SDK_APP_ID", "0"), "must be a whole number"},
		"bad app key":     {set("TRTC_SDK_SECRET_KEY", "canary"), "TRTC_SDK_SECRET_KEY"},
		"bad endpoint":    {set("TENCENTCLOUD_TRTC_ENDPOINT", "http://canary@example.com"), "TENCENTCLOUD_TRTC_ENDPOINT"},
		"bad domain": {func(env map[string]string) {
			without("TENCENTCLOUD_TRTC_ENDPOINT")(env)
			env["TENCENTCLOUD_DOMAIN"] = "a/b"
		}, "TENCENTCLOUD_DOMAIN"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := 0
			w := newWorld(t, false, nil, func(_ *world, inner http.Handler) http.Handler {
				return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { requests++; inner.ServeHTTP(rw, r) })
			})
			test.change(w.env)
			code, out := w.run(t)
			if code != exitRefused || requests > 0 || !strings.Contains(out, test.want) || !strings.Contains(out, "no request was sent") {
				t.Errorf("exit code %d, %d requests, want %d, none and %q:\n%s", code, requests, exitRefused, test.want, out)
			}
			if !strings.Contains(out, "Estimated cost") || strings.Contains(out, "canary") {
				t.Errorf("the output has no estimate, or has a secret:\n%s", out)
			}
		})
	}
}

func TestMockIsNotRecorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil, nil)
	set, problems := program{lookupEnv: func(name string) (string, bool) { return w.env[name], true }}.settings()
	if len(problems) > 0 || !set.customEndpoint {
		t.Errorf("settings %v, custom endpoint %v", problems, set.customEndpoint)
	}
	delete(w.env, "TENCENTCLOUD_TRTC_ENDPOINT")
	if set, _ := (program{lookupEnv: func(name string) (string, bool) { return w.env[name], true }}).settings(); set.customEndpoint {
		t.Error("Tencent's host counts as custom")
	}
}
