package credentials

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

const (
	camRoleAttribute   = "cam_role_name"
	defaultMetadataURL = "http://metadata.tencentyun.com"
	metadataPath       = "/latest/meta-data/cam/security-credentials/"
	// maxCodeBytes is more than the length of any documented code.
	maxCodeBytes = 128
)

// MetadataError means that the CVM metadata service returned no key.
type MetadataError struct {
	// Status is the HTTP status, or 0 if no response was received.
	Status int
	// Code is the code of the service, unless it is "Success": one line of at most
	// 128 bytes.
	Code string
	// Err is the cause if there was no readable response, else nil.
	Err error
}

// Error describes the response of the metadata service.
func (e *MetadataError) Error() string {
	switch {
	case e.Status == http.StatusNotFound:
		return "the metadata service knows no such role: is it bound to this instance?"
	case e.Code != "":
		return "the metadata service returned code " + e.Code
	case e.Err != nil && e.Status == 0:
		return "the metadata service could not be reached (is this a CVM instance?): " + e.Err.Error()
	case e.Err != nil:
		return "the metadata service's response could not be read: " + e.Err.Error()
	default:
		return fmt.Sprintf("the metadata service returned HTTP status %d", e.Status)
	}
}

// Unwrap returns the cause.
func (e *MetadataError) Unwrap() error { return e.Err }

// cvmRole returns the keys of a role of this CVM instance.
func (r *resolver) cvmRole(name string) *Source {
	client := &http.Client{
		Transport:     withoutProxy(r.environment.Transport),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	address := strings.TrimRight(cmp.Or(r.environment.MetadataURL, defaultMetadataURL), "/") + metadataPath + url.PathEscape(name)
	call := func(ctx context.Context) (temporary, error) {
		requestedAt := r.environment.now()
		status, body, err := r.getMetadata(ctx, client, address)
		if err != nil || status != http.StatusOK {
			return temporary{}, &MetadataError{Status: status, Err: err}
		}
		var response struct {
			issuedKey

			Code        string `json:"Code"`
			ExpiredTime int64  `json:"ExpiredTime"`
		}
		// The decoder's own error can quote the response.
		if json.Unmarshal(body, &response) != nil {
			return temporary{}, &MetadataError{Status: status, Err: errNotObject}
		}
		if response.Code != "Success" && response.Code != "" {
			return temporary{}, &MetadataError{Status: status, Code: cloudapi.Sanitize(response.Code, maxCodeBytes)}
		}
		if err := response.validate(response.ExpiredTime); err != nil {
			return temporary{}, &MetadataError{Status: status, Err: err}
		}
		return response.temporary(requestedAt, response.ExpiredTime), nil
	}
	return temporarySource(r.environment, origin{"CVM role " + name, camRoleAttribute}, func(ctx context.Context) (temporary, error) {
		return retry(ctx, r.environment.Clock, call)
	})
}

// withoutProxy returns transport without proxies, because the link-local request
// is not encrypted and its response has keys. It keeps no idle connections: the
// next request follows about an hour later.
func withoutProxy(transport http.RoundTripper) http.RoundTripper {
	if transport == nil {
		transport = cloudapi.NewTransport()
	}
	pooled, ok := transport.(*http.Transport)
	if !ok {
		return transport
	}
	direct := pooled.Clone()
	direct.Proxy = nil
	direct.DisableKeepAlives = true
	return direct
}

// getMetadata returns the HTTP status and, if the status is 200, the body.
func (r *resolver) getMetadata(ctx context.Context, client *http.Client, address string) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("User-Agent", r.environment.UserAgent)
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, cloudapi.SafeCause(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return response.StatusCode, nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBytes+1))
	switch {
	case err != nil:
		err = cloudapi.SafeCause(err)
	case len(body) > maxBytes:
		err = errTooLarge
	}
	return response.StatusCode, body, err
}
