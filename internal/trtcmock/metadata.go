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

// serveMetadata is the part of a CVM's metadata service that hands out the
// credentials of the roles bound to it.
func (s *Server) serveMetadata(w http.ResponseWriter, r *http.Request) {
	s.lookUpMetadata(r).send(r.Context(), w)
}

func (s *Server) lookUpMetadata(r *http.Request) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	role := strings.TrimPrefix(r.URL.Path, metadataPrefix)
	at := s.options.Now()
	x := &exchange{at: at, request: r, call: Call{Time: at, Action: metadataAction + role}}
	if role == "" {
		return s.respond(x, s.listRoles, roleList)
	}
	return s.respond(x, s.roleCredential(role), metadataDocument)
}

// listRoles answers the names of the roles, one a line.
func (s *Server) listRoles(x *exchange) (fields, error) {
	if err := checkMetadataMethod(x.request); err != nil {
		return nil, err
	}
	return fields{"roles": strings.Join(s.options.CVMRoles, "\n")}, nil
}

func (s *Server) roleCredential(role string) func(*exchange) (fields, error) {
	return func(x *exchange) (fields, error) {
		if err := checkMetadataMethod(x.request); err != nil {
			return nil, err
		}
		if !slices.Contains(s.options.CVMRoles, role) {
			return nil, refuse(codeSTSRole, "The instance has no such role.")
		}
		issued := s.issue(x.at, defaultCredentialLife)
		return fields{
			"TmpSecretId":  issued.secretID,
			"TmpSecretKey": issued.secretKey,
			"Token":        issued.token,
			"ExpiredTime":  issued.expires.Unix(),
			"Expiration":   issued.expires.UTC().Format(time.RFC3339),
			"Code":         "Success",
		}, nil
	}
}

func checkMetadataMethod(r *http.Request) error {
	if r.Method != http.MethodGet {
		return refuse(codeUnsupportedHTTP, "Only GET is supported.")
	}
	return nil
}

func roleList(result fields, err error, _ string) reply {
	if err != nil {
		return metadataError(err)
	}
	names, _ := result["roles"].(string)
	return newReply(http.StatusOK, "text/plain", []byte(names))
}

func metadataDocument(result fields, err error, _ string) reply {
	if err != nil {
		return metadataError(err)
	}
	return jsonReply(http.StatusOK, result)
}

// metadataError answers a status, unlike the API, and the code as its text.
func metadataError(err error) reply {
	return newReply(http.StatusNotFound, "text/plain", []byte(asRefusal(err).code))
}
