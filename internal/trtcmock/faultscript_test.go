package trtcmock

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestFaultScript(t *testing.T) {
	t.Parallel()
	const d, s = "DescribeStreamIngest", "StopStreamIngest"
	null := func(action string, nth, times int) Fault {
		return Fault{Kind: FaultNull, Action: action, Nth: nth, Times: times}
	}
	empty := func(action string, nth, times int) Fault {
		return Fault{Kind: FaultEmptyObject, Action: action, Nth: nth, Times: times}
	}
	const ok, n, e = "", FaultNull, FaultEmptyObject
	tests := map[string]struct {
		faults []Fault
		calls  []string
		want   []string
	}{
		"next":                   {[]Fault{null(d, 0, 0)}, []string{d, d}, []string{n, ok}},
		"first":                  {[]Fault{null(d, 1, 1)}, []string{d, d}, []string{n, ok}},
		"third":                  {[]Fault{null(d, 3, 0)}, []string{d, d, d, d}, []string{ok, ok, n, ok}},
		"two in a row":           {[]Fault{null(d, 2, 2)}, []string{d, d, d, d}, []string{ok, n, n, ok}},
		"from the second on":     {[]Fault{null(d, 2, -1)}, []string{d, d, d, d}, []string{ok, n, n, n}},
		"other actions pass":     {[]Fault{null(d, 2, 0)}, []string{s, d, s, d}, []string{ok, ok, ok, n}},
		"any action":             {[]Fault{null("", 2, 2)}, []string{s, d, s, d}, []string{ok, n, n, ok}},
		"in order":               {[]Fault{null(d, 0, 0), empty(d, 0, 0)}, []string{d, d, d}, []string{n, e, ok}},
		"each on its own call":   {[]Fault{null(d, 2, 0), empty(d, 1, 0)}, []string{d, d, d}, []string{e, n, ok}},
		"a later one is delayed": {[]Fault{null(d, 1, 2), empty(d, 2, 0)}, []string{d, d, d, d}, []string{n, n, e, ok}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var script faultScript
			script.add(test.faults...)
			for i, action := range test.calls {
				fault, hit := script.next(action)
				if hit != (test.want[i] != ok) || fault.Kind != test.want[i] {
					t.Errorf("call %d: %q, want %q", i+1, fault.Kind, test.want[i])
				}
			}
		})
	}
}

func TestInjectCountsFromInjection(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.wantCode(b.call("StopStreamIngest", target("x")), codeTaskFinished)
	if err := b.Inject(Fault{Kind: FaultCode, Code: "InternalError", Nth: 2}); err != nil {
		t.Fatal(err)
	}
	b.wantCode(b.call("StopStreamIngest", target("x")), codeTaskFinished)
	b.wantCode(b.call("StopStreamIngest", target("x")), "InternalError")
}

func TestInvalidFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault Fault
		want  string
	}{
		"no kind":           {Fault{}, "kind"},
		"unknown kind":      {Fault{Kind: "drop"}, "kind"},
		"unknown action":    {Fault{Kind: FaultNull, Action: "Start"}, "action"},
		"negative nth":      {Fault{Kind: FaultNull, Nth: -1}, "nth"},
		"times -2":          {Fault{Kind: FaultNull, Times: -2}, "times"},
		"negative delay":    {Fault{Kind: FaultNull, Delay: -1}, "delay"},
		"delay without one": {Fault{Kind: FaultDelay}, "delay"},
		"code without one":  {Fault{Kind: FaultCode}, "code"},
		"code for nothing":  {Fault{Kind: FaultNull, Code: "InternalError"}, "code"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			err := b.Inject(Fault{Kind: FaultNull}, test.fault)
			var invalid *InvalidFaultError
			if !errors.As(err, &invalid) || invalid.Index != 1 || !strings.Contains(invalid.Reason, test.want) {
				t.Fatalf("error %v", err)
			}
			b.wantCode(b.call("StopStreamIngest", target("x")), codeTaskFinished)
			if call := b.Journal()[0]; call.Fault != "" {
				t.Error("a fault of a refused script hit")
			}
		})
	}
}

func TestFaultJSON(t *testing.T) {
	t.Parallel()
	const text = `{"action":"StopStreamIngest","nth":2,"times":-1,"kind":"delay","delay":"1.5s"}`
	var fault Fault
	if err := json.Unmarshal([]byte(text), &fault); err != nil {
		t.Fatal(err)
	}
	want := Fault{Action: "StopStreamIngest", Nth: 2, Times: -1, Kind: FaultDelay, Delay: Duration(1500 * time.Millisecond)}
	if fault != want {
		t.Errorf("fault %+v, want %+v", fault, want)
	}
	if back, err := json.Marshal(fault); err != nil || string(back) != text {
		t.Errorf("%s, error %v", back, err)
	}
	for _, bad := range []string{`{"delay":5}`, `{"delay":"5"}`} {
		if json.Unmarshal([]byte(bad), &fault) == nil {
			t.Errorf("%s is accepted", bad)
		}
	}
}
