package main

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// TestRun_Refusals checks that no request is sent if a variable is missing or invalid, and
// that no value is quoted.
func TestRun_Refusals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		change map[string]string // empty: not set
		want   string
	}{
		{map[string]string{"TENCENTCLOUD_SECRET_ID": "", "TENCENTCLOUD_SECRET_KEY": ""}, "no credentials"},
		{map[string]string{"TENCENTCLOUD_SECRET_ID": "", "TENCENTCLOUD_SECRET_KEY": "", "TRTC_LIVE_TIER": ""}, "no credentials"},
		{map[string]string{"TRTC_LIVE_SDK_APP_ID": ""}, "TRTC_LIVE_SDK_APP_ID: is not set"},
		{map[string]string{"TRTC_SDK_SECRET_KEY": ""}, "TRTC_SDK_SECRET_KEY: is not set"},
		{map[string]string{"TRTC_LIVE_STREAM_URL": ""}, "TRTC_LIVE_STREAM_URL: is not set"},
		{map[string]string{"TRTC_LIVE_MAX_USD": ""}, "TRTC_LIVE_MAX_USD: is not set"},
		{map[string]string{"TRTC_LIVE_MAX_USD": "1.27"}, "up to 1.28 USD, which exceeds the maximum of 1.27 USD"},
		{map[string]string{"TRTC_LIVE_MAX_USD": "much"}, "must be an amount"},
		{map[string]string{"TRTC_LIVE_MAX_USD": "NaN"}, "must be an amount"},
		{map[string]string{"TRTC_LIVE_TIER": "2"}, "must be 0 or 1"},
		{map[string]string{"TRTC_LIVE_ONLY": "("}, "must be a regular expression"},
		{map[string]string{"TRTC_LIVE_ONLY": "^37 "}, "matches no probe"},
		{map[string]string{"TRTC_LIVE_SDK_APP_ID": "0"}, "must be a whole number"},
		{map[string]string{"TRTC_SDK_SECRET_KEY": "canary"}, "TRTC_SDK_SECRET_KEY"},
		{map[string]string{"TENCENTCLOUD_TRTC_ENDPOINT": "http://canary@example.com"}, "TENCENTCLOUD_TRTC_ENDPOINT"},
		{map[string]string{"TENCENTCLOUD_TRTC_ENDPOINT": "", "TENCENTCLOUD_DOMAIN": "a/b"}, "TENCENTCLOUD_DOMAIN"},
	} {
		t.Run(fmt.Sprint(test.change), func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			w := newWorld(t, false, func(_ *world, inner http.Handler) http.Handler {
				return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { requests.Add(1); inner.ServeHTTP(rw, r) })
			})
			maps.Copy(w.env, test.change)
			code, out := w.run(t)
			if code != exitRefused || requests.Load() > 0 || !strings.Contains(out, test.want) || !strings.Contains(out, "no request was sent") {
				t.Errorf("exit code %d, %d requests, want %d, none and %q:\n%s", code, requests.Load(), exitRefused, test.want, out)
			}
			if !strings.Contains(out, "Estimated cost") || strings.Contains(out, "canary") {
				t.Errorf("the output has no estimate, or has a secret:\n%s", out)
			}
		})
	}
}

// TestSettings_CustomEndpoint checks that observations of a mock are not recorded by
// default.
func TestSettings_CustomEndpoint(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil)
	for _, want := range []bool{true, false} {
		if set, problems := w.program(t, nil).settings(); len(problems) > 0 || set.customEndpoint != want {
			t.Errorf("settings %v, custom endpoint %v, want %v", problems, set.customEndpoint, want)
		}
		delete(w.env, "TENCENTCLOUD_TRTC_ENDPOINT")
	}
}
