package trtcmock

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func (s *testServer) metadata(method, role string) (int, string) {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), method, "/latest/meta-data/cam/security-credentials/"+role, nil)
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, r)
	return recorder.Code, recorder.Body.String()
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(o *Options) { o.CVMRoles, o.STSCredentialLife = []string{"ingest", "other"}, time.Minute })
	if status, body := s.metadata(http.MethodGet, ""); status != http.StatusOK || body != "ingest\nother" {
		t.Errorf("list: %d %q", status, body)
	}
	status, body := s.metadata(http.MethodGet, "ingest")
	var got struct {
		Code, Token, TmpSecretID, TmpSecretKey, Expiration string
		ExpiredTime                                        int64
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s: %v", status, body, err)
	}
	end := testStart().Add(time.Minute)
	if got.Code != "Success" || got.ExpiredTime != end.Unix() || got.Expiration != end.Format(time.RFC3339) {
		t.Errorf("document %s", body)
	}
	m := s.newRequest("DescribeStreamIngest", target("unknown"))
	m.secretID, m.secretKey, m.token = got.TmpSecretID, got.TmpSecretKey, got.Token
	s.wantCode(s.send(m), "")
	s.clock.Advance(time.Minute)
	s.wantCode(s.send(m), "AuthFailure.TokenFailure")
}

func TestMetadata_Rejected(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(o *Options) { o.CVMRoles = []string{"ingest"} })
	for _, request := range [][2]string{{http.MethodGet, "unknown"}, {http.MethodPut, "ingest"}, {http.MethodPost, ""}} {
		if status, body := s.metadata(request[0], request[1]); status != http.StatusNotFound {
			t.Errorf("%q: %d %s", request, status, body)
		}
	}
	if err := s.Inject(Fault{Action: "metadata:ingest", Kind: FaultStatus500}); err != nil {
		t.Fatal(err)
	}
	if status, _ := s.metadata(http.MethodGet, "ingest"); status != http.StatusInternalServerError {
		t.Errorf("status %d despite the fault", status)
	}
	actions := []string{"metadata:unknown", "metadata:ingest", "metadata:", "metadata:ingest"}
	for i, call := range s.Journal() {
		if call.Action != actions[i] || call.Ran {
			t.Errorf("call %+v", call)
		}
	}
}
