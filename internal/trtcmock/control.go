package trtcmock

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

const (
	controlPrefix = "/_mock/"
	// maxFaultsBytes is the largest list of faults in one call.
	maxFaultsBytes = 1 << 20
)

// control serves the control calls, the HTTP form of the methods of Server. It
// rejects calls from web pages: calls that a browser marks as cross-origin, and
// calls from a page whose host name resolves to this machine.
func (s *Server) control(w http.ResponseWriter, r *http.Request) response {
	if err := new(http.CrossOriginProtection).Check(r); err != nil {
		return controlError(http.StatusForbidden, err.Error())
	}
	if !isOwnHost(r) {
		return controlError(http.StatusForbidden, "the Host must be localhost, a loopback address, or the address that the mock listens on")
	}
	switch r.Method + " " + r.URL.Path {
	case "GET /_mock/tasks":
		return s.controlTasks(r.URL.Query().Get("status"))
	case "GET /_mock/journal":
		return jsonResponse(http.StatusOK, s.Journal())
	case "POST /_mock/tasks/finish":
		if !s.Finish(r.URL.Query().Get("id")) {
			return controlError(http.StatusNotFound, "no such task is running")
		}
		return jsonResponse(http.StatusOK, map[string]bool{"finished": true})
	case "POST /_mock/faults":
		faults, err := readFaults(http.MaxBytesReader(w, r.Body, maxFaultsBytes))
		if err == nil {
			err = s.Inject(faults...)
		}
		if err != nil {
			return controlError(http.StatusBadRequest, err.Error())
		}
		return jsonResponse(http.StatusOK, map[string]int{"injected": len(faults)})
	case "DELETE /_mock/faults":
		return jsonResponse(http.StatusOK, map[string]int{"removed": s.ClearFaults()})
	case "POST /_mock/reset":
		s.Reset()
		return jsonResponse(http.StatusOK, map[string]bool{"reset": true})
	default:
		return controlError(http.StatusNotFound, "no such control call")
	}
}

// isOwnHost reports whether the Host of a request is a loopback address or the
// address that the request arrived at.
func isOwnHost(r *http.Request) bool {
	host := (&url.URL{Host: r.Host}).Hostname()
	if strings.EqualFold(host, "localhost") {
		return true
	}
	named, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	arrived, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return named.IsLoopback() || arrived != nil && arrived.AddrPort().Addr().Unmap() == named.Unmap()
}

func (s *Server) controlTasks(status string) response {
	if status != "" && status != StatusInProgress && status != StatusNotExist {
		return controlError(http.StatusBadRequest, "status must be "+StatusInProgress+" or "+StatusNotExist)
	}
	return jsonResponse(http.StatusOK, slices.DeleteFunc(s.Tasks(), func(t Task) bool {
		return status != "" && t.Status != status
	}))
}

// readFaults reads one JSON array of faults. An unknown member is an error, because
// the fault would not do what the caller intended.
func readFaults(body io.Reader) ([]Fault, error) {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	var faults []Fault
	if err := decoder.Decode(&faults); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("unexpected data after the array of faults")
	}
	return faults, nil
}

func controlError(status int, message string) response {
	return jsonResponse(status, map[string]string{"error": message})
}
