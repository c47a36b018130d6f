package trtcmock

import (
	"testing"
	"time"
)

func TestLifetime(t *testing.T) {
	t.Parallel()
	const minute = time.Minute
	tests := map[string]struct {
		play    time.Duration
		changes map[string]any
		life    time.Duration // 0: never ends
	}{
		"one play":                         {play: minute, life: minute},
		"three plays":                      {play: minute, changes: map[string]any{"RepeatNum": 3}, life: 3 * minute},
		"play without end":                 {changes: map[string]any{"RepeatNum": 3}},
		"loop":                             {play: minute, changes: map[string]any{"RepeatNum": -1}},
		"loop with an end":                 {play: minute, changes: map[string]any{"RepeatNum": -1, "MaxDuration": 5}, life: 5 * minute},
		"loop of a play without end":       {changes: map[string]any{"RepeatNum": -1, "MaxDuration": 5}, life: 5 * minute},
		"MaxDuration without loop":         {play: 9 * minute, changes: map[string]any{"MaxDuration": 5}, life: 9 * minute},
		"MaxDuration without loop, no end": {changes: map[string]any{"MaxDuration": 5}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, func(o *Options) { o.TaskDuration = test.play })
			id := s.started(test.changes)
			if test.life == 0 {
				s.clock.Advance(1000 * time.Hour)
				if got := s.status(id); got != StatusInProgress {
					t.Errorf("status %q of a task without end", got)
				}
				return
			}
			s.clock.Advance(test.life - time.Nanosecond)
			if got := s.status(id); got != StatusInProgress {
				t.Errorf("status %q just before the end", got)
			}
			s.clock.Advance(time.Nanosecond)
			if got := s.status(id); got != StatusNotExist {
				t.Errorf("status %q at the end", got)
			}
			if task := s.Tasks()[0]; task.Status != StatusNotExist || task.EndedAt == nil || !task.EndedAt.Equal(testStart().Add(test.life)) {
				t.Errorf("task %+v", task)
			}
			if alive := s.Alive(); len(alive) != 0 {
				t.Errorf("alive %+v", alive)
			}
			s.started(test.changes) // its room and user are free again
		})
	}
}

func TestLinger(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(o *Options) { o.Linger = 10 * time.Second })
	id := s.started(nil)
	s.wantCode(s.call("StopStreamIngest", target(id)), "")
	s.clock.Advance(10*time.Second - 1)
	if got := s.status(id); got != StatusInProgress {
		t.Errorf("status %q while it lingers", got)
	}
	s.wantCode(s.call("StartStreamIngest", startWith(nil)), "FailedOperation.TaskExist")
	s.wantCode(s.call("StopStreamIngest", target(id)), "FailedOperation.TaskFinished")
	s.wantCode(s.call("UpdateStreamIngest", target(id)), "FailedOperation.TaskNotExist")
	if alive := s.Alive(); len(alive) != 1 || alive[0].StoppedAt == nil || alive[0].EndedAt != nil {
		t.Errorf("alive %+v", alive)
	}
	s.clock.Advance(1)
	if got := s.status(id); got != StatusNotExist {
		t.Errorf("status %q afterwards", got)
	}
	s.started(nil)
}

func TestLinger_EndsEarlier(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(o *Options) { o.Linger, o.TaskDuration = time.Hour, time.Minute })
	id := s.started(nil)
	s.wantCode(s.call("StopStreamIngest", target(id)), "")
	s.clock.Advance(time.Minute)
	if got := s.status(id); got != StatusNotExist {
		t.Errorf("status %q after its natural end", got)
	}
}

func TestStartDelay(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(o *Options) { o.StartDelay = 2 * time.Second })
	id := s.started(nil)
	s.clock.Advance(2*time.Second - 1)
	if got := s.status(id); got != StatusNotExist {
		t.Errorf("status %q too early", got)
	}
	if len(s.Alive()) != 1 {
		t.Error("the task is not alive")
	}
	s.clock.Advance(1)
	if got := s.status(id); got != StatusInProgress {
		t.Errorf("status %q after the delay", got)
	}
}
