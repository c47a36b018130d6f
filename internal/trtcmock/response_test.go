package trtcmock

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// took returns how long the handler worked on a request, on synctest's clock, and
// how much it sent.
func (s *testServer) took(r *http.Request) (time.Duration, int) {
	began := time.Now()
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, r)
	return time.Since(began), recorder.Body.Len()
}

func TestLatency(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		latency time.Duration
		fault   *Fault
		patient time.Duration
		want    time.Duration
	}{
		"none":               {patient: time.Hour},
		"latency":            {latency: time.Second, patient: time.Hour, want: time.Second},
		"delay":              {fault: &Fault{Kind: FaultDelay, Delay: "1m"}, patient: time.Hour, want: time.Minute},
		"both":               {time.Second, &Fault{Kind: FaultDelay, Delay: "1m"}, time.Hour, 61 * time.Second},
		"late error page":    {0, &Fault{Kind: FaultHTML502After, Delay: "1s"}, time.Hour, time.Second},
		"caller leaves":      {time.Hour, nil, time.Second, time.Second},
		"caller leaves late": {0, &Fault{Kind: FaultDelay, Delay: "1h"}, time.Second, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newTestServer(t, func(o *Options) { o.Latency = test.latency })
				if test.fault != nil {
					if err := s.Inject(*test.fault); err != nil {
						t.Fatal(err)
					}
				}
				ctx, cancel := context.WithTimeout(t.Context(), test.patient)
				defer cancel()
				r := s.newRequest("StartStreamIngest", startWith(nil)).request(t, "http://"+testHost+"/", testHost)
				span, length := s.took(r.WithContext(ctx))
				if span != test.want {
					t.Errorf("took %v, want %v", span, test.want)
				}
				if left := ctx.Err() != nil; left == (length > 0) {
					t.Errorf("%d bytes were received; the caller left: %v", length, left)
				}
				if call := s.Journal()[0]; !call.Ran || len(s.Alive()) != 1 {
					t.Errorf("it did not run: %+v", call)
				}
			})
		})
	}
}

func TestFault_NoHijack(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	if err := s.Inject(Fault{Kind: FaultDropAfter}); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if got := recover(); got != http.ErrAbortHandler { //nolint:errorlint // a panic value, compared by net/http itself
			t.Errorf("panic %v", got)
		}
	}()
	r := s.newRequest("StopStreamIngest", target("unknown")).request(t, "http://"+testHost+"/", testHost)
	s.ServeHTTP(httptest.NewRecorder(), r)
	t.Error("the handler returned")
}
