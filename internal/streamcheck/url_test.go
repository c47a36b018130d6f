package streamcheck

import (
	"net"
	"net/netip"
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
		"http://nas/live.ts":                     "fails unreachable host",
		"http://camera.local/":                   "fails unreachable host",
		"http://camera.Internal/":                "fails unreachable host",
		"http://[fd12::1]/":                      "fails unreachable host",
		"http://[::ffff:10.0.0.1]/":              "fails unreachable host",

		host + "Expires=" + at(-time.Second):                                  expired,
		host + "expires=" + at(0):                                             expired,
		host + "Expires=" + at(time.Hour):                                     early,
		host + "Expires=" + at(3*time.Hour):                                   "",
		host + "Expires=3600":                                                 "",
		host + "Expires=" + at(-time.Hour) + "000":                            "",
		host + "Expires=-1":                                                   "",
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
	const private = `0.0.0.0 0.1.2.3 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.0.1 169.254.169.254 172.16.0.1
		172.31.255.255 192.0.0.192 192.168.0.1 198.18.0.1 198.19.255.255 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
		168.63.129.16 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::1 64:ff9b:1::1 2001::1 2002:7f00:1:: fc00::1
		fd00:ec2::254 fe80::1 fe80::1%eth0 febf::1 fec0::1 ff02::1`
	const public = `1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.0.1 172.15.0.1
		172.32.0.1 192.0.1.1 192.167.0.1 198.17.0.1 198.20.0.1 223.255.255.255 ::ffff:8.8.8.8 2001:4860:4860::8888
		2606:4700::1111 2003::1`
	for addresses, want := range map[string]bool{private: true, public: false} {
		for address := range strings.FieldsSeq(addresses) {
			if got := isPrivate(netip.MustParseAddr(address)); got != want {
				t.Errorf("isPrivate(%s) = %v, want %v", address, got, want)
			}
			if err := guardedDialer().Control("tcp", net.JoinHostPort(address, "80"), nil); (err != nil) != want {
				t.Errorf("connection to %s: %v", address, err)
			}
		}
	}
	if err := guardedDialer().Control("tcp", "media.example.com:80", nil); err == nil {
		t.Error("an address that is not numeric is accepted")
	}
}
