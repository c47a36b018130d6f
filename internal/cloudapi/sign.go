package cloudapi

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	algorithm     = "TC3-HMAC-SHA256"
	contentType   = "application/json"
	signedHeaders = "content-type;host"
)

// newMessage returns request as an HTTP message with the JSON body, stamped with
// a time and signed with TC3-HMAC-SHA256. It has no GetBody, with which net/http
// would send it again.
func newMessage(request Request, body []byte, credential Credential, stamp time.Time, userAgent string) *http.Request {
	header := http.Header{}
	header.Set("Content-Type", contentType)
	header.Set("X-TC-Action", request.Action)
	header.Set("X-TC-Version", request.Version)
	header.Set("X-TC-Timestamp", strconv.FormatInt(stamp.Unix(), 10))
	header.Set("X-TC-RequestClient", userAgent)
	header.Set("X-TC-Language", "en-US")
	if request.Region != "" {
		header.Set("X-TC-Region", request.Region)
	}
	if request.Unsigned {
		header.Set("Authorization", "SKIP")
	} else {
		header.Set("Authorization", authorization(request, body, credential, stamp.UTC()))
		if !credential.Token.IsEmpty() {
			header.Set("X-TC-Token", credential.Token.Reveal())
		}
	}
	return &http.Request{
		Method:        http.MethodPost,
		URL:           &url.URL{Scheme: request.Endpoint.Scheme, Host: request.Endpoint.Host, Path: "/"},
		Host:          request.Endpoint.Host, // as signed
		Header:        header,
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
	}
}

// authorization returns the Authorization header of a POST request to the root
// path without a query.
func authorization(request Request, body []byte, credential Credential, stamp time.Time) string {
	date := stamp.Format(time.DateOnly)
	scope := date + "/" + request.Service + "/tc3_request"
	canonical := "POST\n/\n\ncontent-type:" + contentType + "\nhost:" + request.Endpoint.Host + "\n\n" + signedHeaders + "\n" + hash(body)
	toSign := algorithm + "\n" + strconv.FormatInt(stamp.Unix(), 10) + "\n" + scope + "\n" + hash([]byte(canonical))
	key := []byte("TC3" + credential.SecretKey.Reveal())
	for _, text := range []string{date, request.Service, "tc3_request", toSign} {
		key = mac(key, text)
	}
	return algorithm + " Credential=" + credential.SecretID.Reveal() + "/" + scope + ", SignedHeaders=" + signedHeaders + ", Signature=" + hex.EncodeToString(key)
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func mac(key []byte, text string) []byte {
	code := hmac.New(sha256.New, key)
	_, _ = code.Write([]byte(text))
	return code.Sum(nil)
}
