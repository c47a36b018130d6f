package streamcheck

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"
)

// InspectURL returns what address itself shows, without a request. All its
// findings fail. A signature expires early if it expires before latestEnd, the
// latest time at which the task can end; a zero latestEnd means that the task
// can run without end. If the end is not known, pass now: only a signature that
// has expired is then found. InspectURL returns nil for an address that is not
// an absolute URL.
func InspectURL(address string, now, latestEnd time.Time) []Finding {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Hostname() == "" {
		return nil
	}
	var found []Finding
	if host := parsed.Hostname(); isUnreachable(host) {
		found = append(found, fails("unreachable host", "The service cannot reach the host %s: it is a private address or a local name. The service requests the stream over the internet. Use a public host name or address.", host))
	}
	expiry := signatureExpiry(parsed.RawQuery)
	shown := expiry.UTC().Format(time.RFC3339)
	end := "without end"
	if !latestEnd.IsZero() {
		end = "until " + latestEnd.UTC().Format(time.RFC3339)
	}
	switch {
	case expiry.IsZero():
	case !expiry.After(now):
		found = append(found, fails("expired signature", "The signature in the query of the URL expired at %s. Sign the URL again.", shown))
	case latestEnd.IsZero() || expiry.Before(latestEnd):
		found = append(found, fails("signature that expires too early", "The signature in the query of the URL expires at %s, but the task can run %s. The service may request the URL again after a break or to repeat the stream. Sign the URL for the whole run, or limit the run with max_duration.", shown, end))
	}
	if strings.HasSuffix(strings.ToLower(parsed.Path), ".mpd") {
		found = append(found, fails("MPEG-DASH", "The path of the URL ends in .mpd, the extension of MPEG-DASH manifests. The service does not document MPEG-DASH. Use the HLS, FLV or RTMP URL of the stream."))
	}
	return found
}

// signatureExpiry returns the earliest time at which a signature in a query
// expires, or the zero time. Values that are not a plausible time are ignored.
func signatureExpiry(rawQuery string) time.Time {
	// COS separates two times with a semicolon, at which ParseQuery stops.
	query, _ := url.ParseQuery(strings.ReplaceAll(rawQuery, ";", "%3B"))
	_, cosEnd, _ := strings.Cut(query.Get("q-sign-time"), ";")
	var earliest time.Time
	for _, candidate := range []time.Time{
		unixTime(query.Get("Expires"), 10), // CloudFront, OSS, older S3 and GCS
		unixTime(query.Get("expires"), 10),
		unixTime(query.Get("txTime"), 16), // Tencent CDN and live streaming
		unixTime(cosEnd, 10),
		signedFor(query.Get("X-Amz-Date"), query.Get("X-Amz-Expires")),
		signedFor(query.Get("X-Goog-Date"), query.Get("X-Goog-Expires")),
	} {
		plausible := candidate.Year() > 2000 && candidate.Year() < 2100
		if plausible && (earliest.IsZero() || candidate.Before(earliest)) {
			earliest = candidate
		}
	}
	return earliest
}

// unixTime parses seconds since 1970, or returns the zero time.
func unixTime(text string, base int) time.Time {
	seconds, err := strconv.ParseInt(text, base, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}

// signedFor returns the time that is seconds after date, or the zero time.
func signedFor(date, seconds string) time.Time {
	start, err := time.Parse("20060102T150405Z", date)
	length, lengthErr := strconv.ParseUint(seconds, 10, 31)
	if err != nil || lengthErr != nil {
		return time.Time{}
	}
	return start.Add(time.Duration(length) * time.Second)
}

// refusedPrefixes are the addresses that are not public: private, local and
// reserved ones, multicast, and IPv6 ranges that embed an IPv4 address.
// 168.63.129.16 is a host of Azure that every virtual machine there reaches.
const refusedPrefixes = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16
	172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4
	::/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 2001::/32 2002::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8`

// isPrivate reports whether address is not on the public internet.
func isPrivate(address netip.Addr) bool {
	address = address.WithZone("").Unmap()
	return slices.ContainsFunc(strings.Fields(refusedPrefixes), func(prefix string) bool {
		return netip.MustParsePrefix(prefix).Contains(address)
	})
}

// isUnreachable reports whether the name or address of a host shows that the
// service cannot reach the host.
func isUnreachable(host string) bool {
	// net/http turns full-width digits into an address in the same way.
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if address, err := netip.ParseAddr(host); err == nil {
		return isPrivate(address)
	}
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	// Some resolvers take names such as 127.1 and 0x7f.1 as addresses. A public
	// top-level domain is never a number.
	_, notNumber := strconv.ParseUint(last, 0, 64)
	return len(labels) == 1 || notNumber == nil || slices.Contains([]string{"", "localhost", "local", "internal"}, last)
}
