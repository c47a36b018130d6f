package trtcmock

import (
	"testing"
	"time"
)

func TestLimiter(t *testing.T) {
	t.Parallel()
	type step struct {
		at    time.Duration
		count int // requests at that time
		want  int // of them let through
	}
	tests := map[string]struct {
		capacity int
		steps    []step
	}{
		"burst":                     {3, []step{{0, 5, 3}}},
		"just inside the window":    {3, []step{{0, 3, 3}, {time.Second - 1, 1, 0}}},
		"window over":               {3, []step{{0, 3, 3}, {time.Second, 4, 3}}},
		"window slides":             {3, []step{{0, 1, 1}, {600 * time.Millisecond, 2, 2}, {time.Second, 2, 1}, {1600 * time.Millisecond, 3, 2}}},
		"no saving up":              {3, []step{{time.Hour, 9, 3}}},
		"refused requests are free": {1, []step{{0, 9, 1}, {time.Second, 1, 1}}},
		"no limit":                  {-1, []step{{0, 1000, 1000}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLimiter(test.capacity)
			for _, s := range test.steps {
				passed := 0
				for range s.count {
					if l.allow(rateKey{action: "a"}, testStart().Add(s.at)) {
						passed++
					}
				}
				if passed != s.want {
					t.Errorf("at %v %d of %d passed, want %d", s.at, passed, s.count, s.want)
				}
			}
		})
	}
}

func TestLimiter_Keys(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(o *Options) {
		o.RequestsPerSecond = 1
		o.Credentials["AKIDother"] = testSecretKey
	})
	describe := s.newRequest("DescribeStreamIngest", target("unknown"))
	s.wantCode(s.send(describe), "")
	s.wantCode(s.send(describe), "RequestLimitExceeded")
	otherRegion, otherKey, badlySigned := describe, describe, describe
	otherRegion.region = "ap-tokyo"
	otherKey.secretID = "AKIDother"
	badlySigned.secretKey = "x"
	s.wantCode(s.send(otherRegion), "")
	s.wantCode(s.send(otherKey), "")
	s.wantCode(s.call("StopStreamIngest", target("unknown")), "FailedOperation.TaskFinished")
	s.wantCode(s.send(badlySigned), "AuthFailure.SignatureFailure")
	for range 2 { // STS has no documented rate.
		s.wantCode(s.call("AssumeRole", roleParameters(nil)), "")
	}
	s.clock.Advance(time.Second)
	s.wantCode(s.call("DescribeStreamIngest", target("unknown")), "")

	if refused := s.Journal()[1]; refused.Code != "RequestLimitExceeded" || refused.Ran {
		t.Errorf("call log %+v", refused)
	}
}
