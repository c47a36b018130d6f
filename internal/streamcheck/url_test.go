package streamcheck

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestInspectURL(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	at := func(d time.Duration) string { return strconv.FormatInt(now.Add(d).Unix(), 10) }
	hexAt := func(d time.Duration) string { return strconv.FormatInt(now.Add(d).Unix(), 16) }
	const expired, early = "fails expired signature", "fails signature that expires too early"
	const host = "https://media.example.com/live.flv?secret=" + canary + "&"
	for address, want := range map[string]string{
		"https://media.example.com/live.flv":      "",
		"https://203.0.113.7/live.flv":            "",
		"https://[2606:4700::1111]:8443/live.flv": "",
		"rtmp://live.example.com/app/" + canary:   "",
		"not a URL":                               "",
		"http://[":                                "",

		"http://user:" + canary + "@10.0.0.1/":   "fails unreachable host",
		"http://localhost:8080/?token=" + canary: "fails unreachable host",
		"http://LOCALHOST./":                     "fails unreachable host",
		"http://a.localhost/":                    "fails unreachable host",
		"http://nas/live.ts":                     "fails unreachable host",
		"http://camera.local/":                   "fails unreachable host",
		"http://camera.Internal/":                "fails unreachable host",
		"http://192.168.1.10:8554/":              "fails unreachable host",
		"http://[fd12::1]/":                      "fails unreachable host",
		"http://[::ffff:10.0.0.1]/":              "fails unreachable host",

		host + "Expires=" + at(-time.Second):                                  expired,
		host + "expires=" + at(0):                                             expired,
		host + "Expires=" + at(time.Hour):                                     early,
		host + "Expires=" + at(3*time.Hour):                                   "",
		host + "Expires=3600":                                                 "",
		host + "Expires=" + at(-time.Hour) + "000":                            "",
		host + "Expires=-1":                                                   "",
		host + "Expires=99999999999999999999":                                 "",
		host + "Expires=soon":                                                 "",
		host + "Expires=" + at(3*time.Hour) + "&expires=" + at(-time.Hour):    expired,
		host + "txTime=" + hexAt(-time.Minute):                                expired,
		host + "txTime=" + strings.ToUpper(hexAt(time.Minute)):                early,
		host + "txTime=" + at(-time.Minute):                                   "",
		host + "X-Amz-Date=20260601T110000Z&X-Amz-Expires=600":                expired,
		host + "X-Amz-Date=20260601T110000Z&X-Amz-Expires=5400":               early,
		host + "X-Amz-Date=20260601T110000Z&X-Amz-Expires=86400":              "",
		host + "X-Amz-Date=20260601T110000Z&X-Amz-Expires=-5":                 "",
		host + "X-Amz-Date=20260601T110000Z":                                  "",
		host + "X-Amz-Expires=5":                                              "",
		host + "X-Goog-Date=20260601T110000Z&X-Goog-Expires=60":               expired,
		host + "q-sign-time=1000000000;" + at(-time.Hour) + "&q-key-time=1;2": expired,
		host + "q-sign-time=1000000000%3B" + at(time.Hour):                    early,

		"https://media.example.com/manifest.MPD?x=" + canary: "fails MPEG-DASH",
		"https://media.example.com/?file=manifest.mpd":       "",
		"http://10.0.0.1/a.mpd?Expires=" + at(-1):            "fails unreachable host, fails expired signature, fails MPEG-DASH",
	} {
		if got := summary(t, InspectURL(address, now, now.Add(2*time.Hour))); got != want {
			t.Errorf("InspectURL(%q) = %q, want %q", address, got, want)
		}
	}
	signed := host + "Expires=" + at(time.Hour)
	expect(t, InspectURL(signed, now, time.Time{}), early)
	expect(t, InspectURL(signed, now, now), "")
	for _, f := range InspectURL(signed, now, now.Add(2*time.Hour)) {
		for _, want := range []string{"2026-06-01T13:00:00Z", "2026-06-01T14:00:00Z"} {
			if !strings.Contains(f.Text, want) {
				t.Errorf("text = %q, want %s in it", f.Text, want)
			}
		}
	}
}

func TestIsPrivate(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"0.0.0.0": true, "0.1.2.3": true, "10.255.255.255": true, "100.64.0.1": true, "100.127.255.255": true, "127.0.0.1": true,
		"127.255.0.1": true, "169.254.169.254": true, "172.16.0.1": true, "172.31.255.255": true, "192.0.0.192": true,
		"192.168.0.1": true, "198.18.0.1": true, "198.19.255.255": true, "224.0.0.1": true, "239.255.255.255": true,
		"240.0.0.1": true, "255.255.255.255": true, "168.63.129.16": true,
		"::": true, "::1": true, "::7f00:1": true, "::ffff:127.0.0.1": true, "::ffff:10.0.0.1": true, "64:ff9b::1": true,
		"64:ff9b:1::1": true, "2001::1": true, "2002:7f00:1::": true, "fc00::1": true, "fd00:ec2::254": true, "fe80::1": true,
		"fe80::1%eth0": true, "febf::1": true, "fec0::1": true, "ff02::1": true,

		"1.1.1.1": false, "9.255.255.255": false, "11.0.0.0": false, "100.63.255.255": false, "100.128.0.0": false,
		"126.255.255.255": false, "128.0.0.1": false, "169.253.0.1": false, "172.15.0.1": false, "172.32.0.1": false,
		"192.0.1.1": false, "192.167.0.1": false, "198.17.0.1": false, "198.20.0.1": false, "223.255.255.255": false,
		"::ffff:8.8.8.8": false, "2001:4860:4860::8888": false, "2606:4700::1111": false, "2003::1": false,
	} {
		if got := isPrivate(netip.MustParseAddr(address)); got != want {
			t.Errorf("isPrivate(%s) = %v, want %v", address, got, want)
		}
		dialable := netip.AddrPortFrom(netip.MustParseAddr(address), 80).String()
		if err := guardedDialer().Control("tcp", dialable, nil); (err != nil) != want {
			t.Errorf("connection to %s: %v", dialable, err)
		}
	}
	if err := guardedDialer().Control("tcp", "media.example.com:80", nil); err == nil {
		t.Error("an address that is not numeric is accepted")
	}
}

// FuzzInspectURL checks that no text has the query, the user or the path.
func FuzzInspectURL(f *testing.F) {
	f.Add("http://user@10.0.0.1/a.mpd?Expires=1000000000")
	f.Add("http://localhost/?X-Amz-Date=20260601T110000Z&X-Amz-Expires=600&q-sign-time=1;2")
	f.Fuzz(func(t *testing.T, address string) {
		now := time.Unix(2e9, 0)
		parsed, err := url.Parse(address)
		for _, found := range InspectURL(address, now, now) {
			if err != nil || !found.Fails || found.Summary == "" {
				t.Errorf("InspectURL(%q) = %v", address, found)
				return
			}
			for _, secret := range []string{parsed.RawQuery, parsed.User.String(), parsed.Path} {
				if len(secret) > 12 && !strings.Contains(parsed.Host, secret) && strings.Contains(found.Text, secret) {
					t.Errorf("the text for %q is %q", address, found.Text)
				}
			}
		}
	})
}
