package streamcheck

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
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
	add := func(code Code, format string, args ...any) {
		found = append(found, Finding{Code: code, Fails: true, Text: fmt.Sprintf(format, args...)})
	}
	if host := parsed.Hostname(); isUnreachable(host) {
		add(UnreachableHost, "The service cannot reach the host %s: it is a private address or a local name. The service requests the stream over the internet. Use a public host name or address.", host)
	}
	expiry := signatureExpiry(parsed.RawQuery)
	shown := expiry.UTC().Format(time.RFC3339)
	switch {
	case expiry.IsZero():
	case !expiry.After(now):
		add(SignatureExpired, "The signature in the query of the URL expired at %s. Sign the URL again.", shown)
	case latestEnd.IsZero():
		add(SignatureExpiresEarly, "The signature in the query of the URL expires at %s, but the task can run without end. The service may request the URL again after a break or to repeat the stream. Use a URL that does not expire, or limit the task with max_duration.", shown)
	case expiry.Before(latestEnd):
		add(SignatureExpiresEarly, "The signature in the query of the URL expires at %s, but the task can run until %s. The service may request the URL again after a break or to repeat the stream. Sign the URL for the whole run.", shown, latestEnd.UTC().Format(time.RFC3339))
	}
	if strings.HasSuffix(strings.ToLower(parsed.Path), ".mpd") {
		add(DASH, "The path of the URL ends in .mpd, the extension of MPEG-DASH manifests. The service does not document MPEG-DASH. Use the HLS, FLV or RTMP URL of the stream.")
	}
	return found
}

// signatureExpiry returns the earliest time at which a signature in a query
// expires, or the zero time. Values that are not a plausible time are ignored.
func signatureExpiry(rawQuery string) time.Time {
	// COS separates two times with a semicolon, at which ParseQuery stops.
	query, _ := url.ParseQuery(strings.ReplaceAll(rawQuery, ";", "%3B"))
	_, cosEnd, _ := strings.Cut(query.Get("q-sign-time"), ";")
	azureEnd, _ := time.Parse(time.RFC3339, query.Get("se"))
	var earliest time.Time
	for _, candidate := range []time.Time{
		unixTime(query.Get("Expires"), 10), // CloudFront, OSS, older S3 and GCS
		unixTime(query.Get("expires"), 10),
		unixTime(query.Get("txTime"), 16), // Tencent CDN and live streaming
		unixTime(cosEnd, 10),
		signedFor(query.Get("X-Amz-Date"), query.Get("X-Amz-Expires")),
		signedFor(query.Get("X-Goog-Date"), query.Get("X-Goog-Expires")),
		azureEnd,
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
