package trtcmock

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	signatureAlgorithm = "TC3-HMAC-SHA256"
	signatureWindow    = 300 * time.Second
	signedHeaders      = "content-type;host"
	scopeTerminator    = "tc3_request"
	// unsignedAuthorization is sent with actions that need no signature.
	unsignedAuthorization = "SKIP"
)

var authorizationForm = regexp.MustCompile(
	`^` + signatureAlgorithm +
		` Credential=([^/, ]+)/(\d{4}-\d{2}-\d{2})/([^/, ]+)/` + scopeTerminator +
		`, SignedHeaders=` + signedHeaders +
		`, Signature=([0-9a-f]{64})$`)

// authorization is the content of an Authorization header, not verified.
type authorization struct{ secretID, date, service, signature string }

// credential is a key that requests may be signed with.
type credential struct {
	secretKey string
	token     string    // empty: must be sent without a token
	expires   time.Time // zero: never
	account   string    // its UIN
	session   string    // name of the session of a role, else empty
}

// authenticate checks, in this order, the timestamp, the form of the
// authorization, the secret id, the signature and the token.
func (s *Server) authenticate(ex *exchange, act action) error {
	header := ex.request.Header
	sent, err := readTimestamp(header.Get("X-TC-Timestamp"), ex.at)
	if err != nil {
		return err
	}
	if act.unsigned {
		if header.Get("Authorization") != unsignedAuthorization {
			return apiErrorf("AuthFailure.InvalidAuthorization", "Authorization must be %s.", unsignedAuthorization)
		}
		return nil
	}
	claim, err := parseAuthorization(header.Get("Authorization"))
	if err != nil {
		return err
	}
	// Assumption: probe 5.
	signer, ok := s.keys[claim.secretID]
	if !ok {
		return apiErrorf("AuthFailure.SecretIdNotFound", "The SecretId is not found.")
	}
	if err := verifySignature(ex.request, ex.body, sent, act.service, signer.secretKey, claim); err != nil {
		return err
	}
	return signer.checkToken(header.Get("X-TC-Token"), ex.at)
}

// readTimestamp returns X-TC-Timestamp if it is within the signature window.
//
// Assumption: probe 7.
func readTimestamp(header string, at time.Time) (time.Time, error) {
	if header == "" {
		return time.Time{}, apiErrorf(codeMissingParameter, "The header X-TC-Timestamp is missing.")
	}
	seconds, err := strconv.ParseInt(header, 10, 64)
	if err != nil {
		return time.Time{}, apiErrorf(codeInvalidParameter, "The header X-TC-Timestamp is not a UNIX time in seconds.")
	}
	// The header has whole seconds, so the fraction of the clock must not count.
	sent, now := time.Unix(seconds, 0), time.Unix(at.Unix(), 0)
	if now.Sub(sent).Abs() > signatureWindow {
		return time.Time{}, apiErrorf("AuthFailure.SignatureExpire", "The timestamp is more than 5 minutes away from the server's clock.")
	}
	return sent, nil
}

func parseAuthorization(header string) (authorization, error) {
	part := authorizationForm.FindStringSubmatch(header)
	if part == nil {
		return authorization{}, apiErrorf("AuthFailure.InvalidAuthorization",
			"The Authorization header is missing or is not of the form of %s with SignedHeaders=%s.",
			signatureAlgorithm, signedHeaders)
	}
	return authorization{secretID: part[1], date: part[2], service: part[3], signature: part[4]}, nil
}

// verifySignature computes the signature of the received bytes. It allows for
// what the official Node.js SDK signs if its endpoint is the mock's address: the
// host without its port, and the text before the endpoint's first dot as the
// service.
//
// Assumption: probe 6.
func verifySignature(r *http.Request, body []byte, sent time.Time, service, secretKey string, claim authorization) error {
	hostname := strings.TrimSuffix(r.Host, ":"+(&url.URL{Host: r.Host}).Port())
	if label, _, _ := strings.Cut(r.Host, "."); claim.service == label && !strings.HasSuffix(hostname, ".tencentcloudapi.com") {
		service = label
	}
	date := sent.UTC().Format(time.DateOnly)
	if claim.date != date || claim.service != service {
		return apiErrorf("AuthFailure.SignatureFailure", "The credential scope must be %s/%s/%s.", date, service, scopeTerminator)
	}
	for _, host := range []string{r.Host, hostname} {
		want := signature(secretKey, date, service, sent.Unix(), canonicalRequest(r, host, body))
		if hmac.Equal([]byte(want), []byte(claim.signature)) {
			return nil
		}
	}
	return apiErrorf("AuthFailure.SignatureFailure", "The signature does not match the request.")
}

func canonicalRequest(r *http.Request, host string, body []byte) string {
	return strings.Join([]string{
		r.Method,
		"/",
		"",
		"content-type:" + r.Header.Get("Content-Type"),
		"host:" + host,
		"",
		signedHeaders,
		hexSHA256(body),
	}, "\n")
}

func signature(secretKey, date, service string, timestamp int64, canonical string) string {
	toSign := strings.Join([]string{
		signatureAlgorithm,
		strconv.FormatInt(timestamp, 10),
		date + "/" + service + "/" + scopeTerminator,
		hexSHA256([]byte(canonical)),
	}, "\n")
	key := []byte("TC3" + secretKey)
	for _, step := range []string{date, service, scopeTerminator} {
		key = hmacSHA256(key, step)
	}
	return hex.EncodeToString(hmacSHA256(key, toSign))
}

// checkToken requires the token of a temporary credential, and none with a
// permanent one.
//
// Assumption: probe 8.
func (c credential) checkToken(token string, at time.Time) error {
	if !c.expires.IsZero() && !at.Before(c.expires) {
		return apiErrorf("AuthFailure.TokenFailure", "The temporary credential has expired.")
	}
	if subtle.ConstantTimeCompare([]byte(c.token), []byte(token)) != 1 {
		return apiErrorf("AuthFailure.TokenFailure", "The X-TC-Token header does not belong to the SecretId.")
	}
	return nil
}

func hmacSHA256(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func hexSHA256(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
