package trtcmock

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

const (
	adminPrefix = "/_mock/"
	// maxScriptBytes bounds a script of faults.
	maxScriptBytes = 1 << 20
)

// serveAdmin is the HTTP form of the methods of Server.
func (s *Server) serveAdmin(w http.ResponseWriter, r *http.Request) {
	s.administer(w, r).send(r.Context(), w)
}

func (s *Server) administer(w http.ResponseWriter, r *http.Request) reply {
	switch r.Method + " " + r.URL.Path {
	case "GET /_mock/tasks":
		return jsonReply(http.StatusOK, s.Tasks())
	case "GET /_mock/journal":
		return jsonReply(http.StatusOK, s.Journal())
	case "POST /_mock/tasks/finish":
		if !s.Finish(r.URL.Query().Get("id")) {
			return adminError(http.StatusNotFound, "no such task is running")
		}
		return jsonReply(http.StatusOK, map[string]bool{"finished": true})
	case "POST /_mock/faults":
		return s.administerFaults(w, r)
	case "POST /_mock/reset":
		s.ResetJournal()
		return jsonReply(http.StatusOK, map[string]bool{"reset": true})
	default:
		return adminError(http.StatusNotFound, "no such endpoint")
	}
}

func (s *Server) administerFaults(w http.ResponseWriter, r *http.Request) reply {
	faults, err := readFaults(http.MaxBytesReader(w, r.Body, maxScriptBytes))
	if err == nil {
		err = s.Inject(faults...)
	}
	if err != nil {
		return adminError(http.StatusBadRequest, err.Error())
	}
	return jsonReply(http.StatusOK, map[string]int{"injected": len(faults)})
}

// readFaults reads one JSON array of faults. A misspelt member is an error: the
// fault would silently do something else.
func readFaults(body io.Reader) ([]Fault, error) {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	var faults []Fault
	if err := decoder.Decode(&faults); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the array of faults")
	}
	return faults, nil
}

func adminError(status int, message string) reply {
	return jsonReply(status, map[string]string{"error": message})
}
