package credentials

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	camRoleAttribute = "cam_role_name"
	metadataPath     = "/latest/meta-data/cam/security-credentials/"
	// maxMetadataBytes is far above the size of an answer, and maxCodeBytes above
	// that of a code.
	maxMetadataBytes, maxCodeBytes = 1 << 20, 128
)

var errNotHTTP = errors.New("it is not an HTTP answer, or it was cut short")

// cvmRole is the role of the CVM instance that this runs on.
type cvmRole struct {
	environment Environment
	name        string
	client      *http.Client
}

// cvmRoleAnswer is the answer of the metadata service.
type cvmRoleAnswer struct {
	Code         string      `json:"Code"`
	TmpSecretID  secret.Text `json:"TmpSecretId"`
	TmpSecretKey secret.Text `json:"TmpSecretKey"`
	Token        secret.Text `json:"Token"`
	ExpiredTime  int64       `json:"ExpiredTime"`
}

// MetadataError means that the CVM metadata service returned no key.
type MetadataError struct {
	// Status is the HTTP status, or 0 when none was received.
	Status int
	// Code is the service's code when it is not "Success". It is one line of at
	// most 128 bytes.
	Code string
	// Err is the cause when there was no readable answer, else nil.
	Err error
}

// Error says what the metadata service answered.
func (e *MetadataError) Error() string {
	switch {
	case e.Status == http.StatusNotFound:
		return "the metadata service knows no such role: is it bound to this instance?"
	case e.Code != "":
		return "the metadata service answered code " + e.Code
	case e.Err != nil && e.Status == 0:
		return "the metadata service could not be reached (is this a CVM instance?): " + e.Err.Error()
	case e.Err != nil:
		return "the metadata service's answer could not be read: " + e.Err.Error()
	default:
		return fmt.Sprintf("the metadata service answered HTTP status %d", e.Status)
	}
}

// Unwrap returns the cause.
func (e *MetadataError) Unwrap() error { return e.Err }

func (e *MetadataError) isTransient() bool {
	switch {
	case errors.Is(e.Err, context.Canceled), errors.Is(e.Err, errTooLarge):
		return false
	case e.Status == 0, e.Status == http.StatusOK && e.Err != nil:
		return true
	default:
		return isTransientStatus(e.Status)
	}
}

// cvmRole returns the source of the role's keys.
func (r *resolver) cvmRole(name string) *Source {
	role := cvmRole{environment: r.environment, name: name, client: &http.Client{
		Transport:     withoutProxy(r.environment.Transport),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	return temporarySource(r.environment, role.failure, role.fetch)
}

// withoutProxy keeps this link-local, unencrypted exchange of keys off proxies,
// and leaves no idle connection open: the next exchange is an hour away.
func withoutProxy(transport http.RoundTripper) http.RoundTripper {
	pooled, ok := transport.(*http.Transport)
	if !ok {
		return transport
	}
	direct := pooled.Clone()
	direct.Proxy = nil
	direct.DisableKeepAlives = true
	return direct
}

func (c cvmRole) failure(err error) error {
	return &SourceError{Source: "CVM role " + c.name, Attribute: camRoleAttribute, Err: err}
}

func (c cvmRole) fetch(ctx context.Context) (temporary, error) {
	var issued temporary
	err := retry(ctx, c.environment.Clock, func(ctx context.Context) error {
		var err error
		issued, err = c.call(ctx)
		return err
	})
	if err != nil {
		return temporary{}, c.failure(err)
	}
	return issued, nil
}

func (c cvmRole) call(ctx context.Context) (temporary, error) {
	asked := c.environment.Clock.Now()
	body, err := c.get(ctx)
	if err != nil {
		return temporary{}, err
	}
	var answer cvmRoleAnswer
	switch {
	// The decoder's own error can quote the answer.
	case json.Unmarshal(body, &answer) != nil:
		return temporary{}, &MetadataError{Status: http.StatusOK, Err: errNotObject}
	case answer.Code != "Success" && answer.Code != "":
		return temporary{}, &MetadataError{Status: http.StatusOK, Code: sanitize(answer.Code)}
	case answer.TmpSecretID.IsEmpty() || answer.TmpSecretKey.IsEmpty() || answer.Token.IsEmpty() || answer.ExpiredTime <= 0:
		return temporary{}, &MetadataError{Status: http.StatusOK, Err: errIncomplete}
	}
	credential := cloudapi.Credential{SecretID: answer.TmpSecretID.Reveal(), SecretKey: answer.TmpSecretKey, Token: answer.Token}
	return issuedKey(credential, asked, time.Unix(answer.ExpiredTime, 0)), nil
}

func (c cvmRole) get(ctx context.Context) ([]byte, error) {
	address := strings.TrimRight(c.environment.MetadataURL, "/") + metadataPath + url.PathEscape(c.name)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, &MetadataError{Err: errors.New("the metadata address is not a URL")}
	}
	request.Header.Set("User-Agent", c.environment.UserAgent)
	response, err := c.client.Do(request)
	if err != nil {
		return nil, &MetadataError{Err: safeCause(err)}
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, &MetadataError{Status: response.StatusCode}
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxMetadataBytes+1))
	switch {
	case err != nil:
		return nil, &MetadataError{Status: response.StatusCode, Err: safeCause(err)}
	case len(body) > maxMetadataBytes:
		return nil, &MetadataError{Status: response.StatusCode, Err: errTooLarge}
	}
	return body, nil
}

// safeCause returns the part of a transport's error that quotes nothing of the
// answer, which can hold a key.
func safeCause(err error) error {
	for _, known := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, known) {
			return known
		}
	}
	var socket *net.OpError
	if errors.As(err, &socket) {
		return socket
	}
	return errNotHTTP
}

// sanitize returns a text from outside in one line, without control, format and
// bidirectional characters, cut to maxCodeBytes.
func sanitize(text string) string {
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text))
	return strings.ToValidUTF8(text[:min(len(text), maxCodeBytes)], "")
}
