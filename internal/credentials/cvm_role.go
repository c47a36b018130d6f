package credentials

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	camRoleAttribute = "cam_role_name"
	metadataPath     = "/latest/meta-data/cam/security-credentials/"
	// maxMetadataBytes is far above what the metadata service answers.
	maxMetadataBytes = 1 << 20
)

// cvmRole is the role of the CVM instance that this runs on.
type cvmRole struct {
	name      string
	root      string
	userAgent string
	client    *http.Client
	clock     clock.Clock
}

// cvmRoleAnswer is the metadata service's answer.
type cvmRoleAnswer struct {
	Code         string `json:"Code"`
	TmpSecretID  string `json:"TmpSecretId"`
	TmpSecretKey string `json:"TmpSecretKey"`
	Token        string `json:"Token"`
	ExpiredTime  int64  `json:"ExpiredTime"`
}

func (r *resolver) cvmRole(name string) *Source {
	role := cvmRole{
		name:      name,
		root:      strings.TrimRight(r.environment.MetadataURL, "/"),
		userAgent: r.environment.UserAgent,
		clock:     r.environment.Clock,
		client: &http.Client{
			Transport:     withoutProxy(r.environment.Transport),
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	return temporarySource(role.String(), role.failure, role.clock, role.fetch)
}

// withoutProxy keeps a link-local, unencrypted exchange of keys off proxies,
// and leaves no idle connection behind: the next one is an hour away.
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

// String returns "CVM role <name>".
func (c cvmRole) String() string { return "CVM role " + c.name }

func (c cvmRole) failure(err error) error {
	return &SourceError{Source: c.String(), Attribute: camRoleAttribute, Err: err}
}

func (c cvmRole) fetch(ctx context.Context) (temporary, error) {
	var issued temporary
	err := repeat(ctx, c.clock, func(ctx context.Context) error {
		var err error
		issued, err = c.ask(ctx)
		return err
	})
	if err != nil {
		return temporary{}, c.failure(err)
	}
	return issued, nil
}

func (c cvmRole) ask(ctx context.Context) (temporary, error) {
	asked := c.clock.Now()
	body, err := c.get(ctx)
	if err != nil {
		return temporary{}, err
	}
	var answer cvmRoleAnswer
	// The decoder's own error can quote the answer.
	if json.Unmarshal(body, &answer) != nil {
		return temporary{}, &MetadataError{Status: http.StatusOK, Err: errNotObject}
	}
	if answer.Code != "Success" && answer.Code != "" {
		return temporary{}, &MetadataError{Status: http.StatusOK, Code: answer.Code}
	}
	if answer.TmpSecretID == "" || answer.TmpSecretKey == "" || answer.Token == "" || answer.ExpiredTime <= 0 {
		return temporary{}, &MetadataError{Status: http.StatusOK, Err: ErrIncomplete}
	}
	return temporary{
		credential: cloudapi.Credential{
			SecretID:  answer.TmpSecretID,
			SecretKey: secret.New(answer.TmpSecretKey),
			Token:     secret.New(answer.Token),
		},
		issued:  asked,
		expires: time.Unix(answer.ExpiredTime, 0),
	}, nil
}

func (c cvmRole) get(ctx context.Context) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.root+metadataPath+url.PathEscape(c.name), http.NoBody)
	if err != nil {
		return nil, &MetadataError{Err: errors.New("the metadata address is not a URL")}
	}
	request.Header.Set("User-Agent", c.userAgent)
	response, err := c.client.Do(request)
	if err != nil {
		return nil, &MetadataError{Err: withoutURL(err)}
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, &MetadataError{Status: response.StatusCode}
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxMetadataBytes+1))
	switch {
	case err != nil:
		return nil, &MetadataError{Status: response.StatusCode, Err: err}
	case len(body) > maxMetadataBytes:
		return nil, &MetadataError{Status: response.StatusCode, Err: errTooLarge}
	}
	return body, nil
}

func withoutURL(err error) error {
	var located *url.Error
	if errors.As(err, &located) {
		return located.Err
	}
	return err
}
