// Package streamcheck reports why a stream URL probably cannot be played.
// InspectURL judges the URL alone. A Checker requests the URL and judges what
// the server delivers: the container by its first bytes, and the codecs.
//
// A Finding contains nothing that a server sent, except numbers, IP addresses
// and names from the tables of this package. So a server cannot make a Finding
// repeat the query, the user or the path of a URL.
package streamcheck

import "fmt"

// Code identifies what was found. Codes are stable.
type Code string

// What InspectURL finds.
const (
	UnreachableHost       Code = "unreachable_host"
	SignatureExpired      Code = "signature_expired"
	SignatureExpiresEarly Code = "signature_expires_early"
)

// DASH is an MPEG-DASH manifest. Both InspectURL and Look find it.
const DASH Code = "dash"

// What Look finds in a response.
const (
	HTTPStatus   Code = "http_status"
	Empty        Code = "empty"
	WebPage      Code = "web_page"
	Image        Code = "image"
	Codec        Code = "codec"
	Container    Code = "container"
	NoMedia      Code = "no_media"
	Encrypted    Code = "encrypted"
	PlaylistCut  Code = "playlist_cut"
	Incomplete   Code = "incomplete"
	Unrecognized Code = "unrecognized"
)

// What Look finds on the way to a response.
const (
	PrivateAddress Code = "private_address"
	DNS            Code = "dns"
	Connection     Code = "connection"
	Proxy          Code = "proxy"
	TLS            Code = "tls"
	Timeout        Code = "timeout"
	RedirectScheme Code = "redirect_scheme"
	Redirects      Code = "redirects"
	ICY            Code = "icy"
	BadResponse    Code = "bad_response"
	TooLarge       Code = "too_large"
	NotChecked     Code = "not_checked"
)

// Finding is one reason why a stream may not play.
type Finding struct {
	Code Code
	// Fails reports whether the finding holds wherever the URL is requested
	// from. Other findings depend on the viewpoint.
	Fails bool
	// Text says what was found and what to do. It does not say where Look looked
	// from.
	Text string
}

// fails returns a finding that holds from anywhere.
func fails(code Code, format string, args ...any) Finding {
	return Finding{Code: code, Fails: true, Text: fmt.Sprintf(format, args...)}
}

// warns returns a finding that depends on the viewpoint.
func warns(code Code, format string, args ...any) Finding {
	return Finding{Code: code, Text: fmt.Sprintf(format, args...)}
}
