package trtcmock

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
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
	// unsignedAuthorization is what an action that needs no signature sends.
	unsignedAuthorization = "SKIP"
)

var authorizationForm = regexp.MustCompile(
	`^` + signatureAlgorithm +
		` Credential=([^/, ]+)/(\d{4}-\d{2}-\d{2})/([a-z0-9]+)/` + scopeTerminator +
		`, SignedHeaders=` + signedHeaders +
		`, Signature=([0-9a-f]{64})$`)

// authorization is what an Authorization header claims.
type authorization struct{ secretID, date, service, signature string }

func parseAuthorization(header string) (authorization, error) {
	part := authorizationForm.FindStringSubmatch(header)
	if part == nil {
		return authorization{}, refuse(codeInvalidAuthorization,
			"The Authorization header is missing or is not of the form of %s with SignedHeaders=%s.",
			signatureAlgorithm, signedHeaders)
	}
	return authorization{secretID: part[1], date: part[2], service: part[3], signature: part[4]}, nil
}

// readTimestamp returns X-TC-Timestamp when it is within the signature window.
func readTimestamp(r *http.Request, at time.Time) (time.Time, error) {
	header := r.Header.Get("X-TC-Timestamp")
	if header == "" {
		return time.Time{}, refuse(codeMissingParameter, "The header X-TC-Timestamp is missing.")
	}
	seconds, err := strconv.ParseInt(header, 10, 64)
	if err != nil {
		return time.Time{}, refuse(codeInvalidParameter, "The header X-TC-Timestamp is not a UNIX time in seconds.")
	}
	// The header has whole seconds, so the fraction of the clock must not count.
	sent, now := time.Unix(seconds, 0), time.Unix(at.Unix(), 0)
	if now.Sub(sent).Abs() > signatureWindow {
		return time.Time{}, refuse(codeSignatureExpire, "The timestamp is more than 5 minutes away from the server's clock.")
	}
	return sent, nil
}

// verifySignature recomputes the signature of a request over the bytes received.
func verifySignature(r *http.Request, body []byte, sent time.Time, service, secretKey string, claim authorization) error {
	date := sent.UTC().Format(time.DateOnly)
	if claim.date != date || claim.service != service {
		return refuse(codeSignatureFailure, "The credential scope must be %s/%s/%s.", date, service, scopeTerminator)
	}
	want := signature(secretKey, date, service, sent.Unix(), canonicalRequest(r, body))
	if !hmac.Equal([]byte(want), []byte(claim.signature)) {
		return refuse(codeSignatureFailure, "The signature does not match the request.")
	}
	return nil
}

func canonicalRequest(r *http.Request, body []byte) string {
	return strings.Join([]string{
		r.Method,
		"/",
		"",
		"content-type:" + r.Header.Get("Content-Type"),
		"host:" + r.Host,
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

func hmacSHA256(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func hexSHA256(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
