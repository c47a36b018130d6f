package credentials

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
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
)

// metadataError is a failed call of the CVM metadata service that may succeed when
// it is retried.
type metadataError struct{ error }

// Unwrap returns the error.
func (e metadataError) Unwrap() error { return e.error }

// unreadable returns the error of a response that could not be read because of err.
func unreadable(err error) error {
	return metadataError{fmt.Errorf("the metadata service's response could not be read: %w", err)}
}

// cvmRole returns the keys of a role of this CVM instance.
func (r *resolver) cvmRole(name string) *Source {
	client := &http.Client{
		Transport:     withoutProxy(r.environment.Transport),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	address := strings.TrimRight(cmp.Or(r.environment.MetadataURL, defaultMetadataURL), "/") + metadataPath + url.PathEscape(name)
	call := func(ctx context.Context) (temporary, error) {
		requestedAt := r.environment.now()
		body, err := getMetadata(ctx, client, address)
		if err != nil {
			return temporary{}, err
		}
		var response struct {
			issuedKey

			Code        string `json:"Code"`
			ExpiredTime int64  `json:"ExpiredTime"`
		}
		// The decoder's own error can quote the response.
		if json.Unmarshal(body, &response) != nil {
			return temporary{}, unreadable(errNotObject)
		}
		if response.Code != "Success" && response.Code != "" {
			return temporary{}, errors.New("the metadata service returned code " + cloudapi.Sanitize(response.Code, 128))
		}
		if err := response.validate(response.ExpiredTime); err != nil {
			return temporary{}, unreadable(err)
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

// getMetadata returns the body of a response with HTTP status 200.
func getMetadata(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, metadataError{fmt.Errorf("the metadata service could not be reached (is this a CVM instance?): %w", cloudapi.SafeCause(err))}
	}
	defer func() { _ = response.Body.Close() }()
	switch status := fmt.Errorf("the metadata service returned HTTP status %d", response.StatusCode); {
	case response.StatusCode == http.StatusNotFound:
		return nil, errors.New("the metadata service knows no such role: is it bound to this instance?")
	case isTransientStatus(response.StatusCode):
		return nil, metadataError{status}
	case response.StatusCode != http.StatusOK:
		return nil, status
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBytes+1))
	switch {
	case err != nil:
		return nil, unreadable(cloudapi.SafeCause(err))
	case len(body) > maxBytes:
		return nil, unreadable(errTooLarge)
	}
	return body, nil
}
