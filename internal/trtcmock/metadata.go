package trtcmock

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	metadataPrefix = "/latest/meta-data/cam/security-credentials/"
	metadataAction = "metadata:"
)

// serveMetadata is the part of a CVM's metadata service that lists the roles
// bound to the instance and returns their temporary credentials.
func (s *Server) serveMetadata(r *http.Request) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	role := strings.TrimPrefix(r.URL.Path, metadataPrefix)
	at := s.options.Now()
	ex := &exchange{at: at, request: r, call: Call{Time: at, Action: metadataAction + role}}
	return s.serve(ex, func(ex *exchange) (any, error) { return s.metadata(ex, role) }, metadataResponse)
}

// metadata returns the names of the roles as text or, for a role, its credential.
func (s *Server) metadata(ex *exchange, role string) (any, error) {
	switch {
	case ex.request.Method != http.MethodGet:
		return nil, apiErrorf("UnsupportedProtocol", "Only GET is supported.")
	case role == "":
		return strings.Join(s.options.CVMRoles, "\n"), nil
	case !slices.Contains(s.options.CVMRoles, role):
		return nil, apiErrorf("ResourceNotFound.RoleNotFound", "The instance has no such role.")
	}
	secretID, issued := s.issue(ex.at, defaultCredentialLife)
	return fields{
		"TmpSecretId":  secretID,
		"TmpSecretKey": issued.secretKey,
		"Token":        issued.token,
		"ExpiredTime":  issued.expires.Unix(),
		"Expiration":   issued.expires.UTC().Format(time.RFC3339),
		"Code":         "Success",
	}, nil
}

// metadataResponse returns an error as a status and its code as the body.
func metadataResponse(result any, err error, _ string) response {
	if err != nil {
		return newResponse(http.StatusNotFound, "text/plain", []byte(asAPIError(err).code))
	}
	if names, ok := result.(string); ok {
		return newResponse(http.StatusOK, "text/plain", []byte(names))
	}
	return jsonResponse(http.StatusOK, result)
}
