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
			b := newBench(t, func(o *Options) { o.TaskDuration = test.play })
			id := b.started(test.changes)
			if test.life == 0 {
				b.clock.advance(1000 * time.Hour)
				if got := b.status(id); got != StatusInProgress {
					t.Errorf("status %q of a task without end", got)
				}
				return
			}
			b.clock.advance(test.life - time.Nanosecond)
			if got := b.status(id); got != StatusInProgress {
				t.Errorf("status %q just before the end", got)
			}
			b.clock.advance(time.Nanosecond)
			if got := b.status(id); got != StatusNotExist {
				t.Errorf("status %q at the end", got)
			}
			if task := b.Tasks()[0]; task.Status != StatusNotExist || task.EndedAt == nil || !task.EndedAt.Equal(testStart().Add(test.life)) {
				t.Errorf("task %+v", task)
			}
			if alive := b.Alive(); len(alive) != 0 {
				t.Errorf("alive %+v", alive)
			}
			b.started(test.changes) // its seat is free again
		})
	}
}

func TestLinger(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) { o.Linger = 10 * time.Second })
	id := b.started(nil)
	b.wantCode(b.call("StopStreamIngest", target(id)), "")
	b.clock.advance(10*time.Second - 1)
	if got := b.status(id); got != StatusInProgress {
		t.Errorf("status %q while it lingers", got)
	}
	b.wantCode(b.call("StartStreamIngest", startParametersWith(nil)), codeTaskExist)
	b.wantCode(b.call("StopStreamIngest", target(id)), codeTaskFinished)
	b.wantCode(b.call("UpdateStreamIngest", target(id)), codeTaskNotExist)
	if alive := b.Alive(); len(alive) != 1 || alive[0].StoppedAt == nil || alive[0].EndedAt != nil {
		t.Errorf("alive %+v", alive)
	}
	b.clock.advance(1)
	if got := b.status(id); got != StatusNotExist {
		t.Errorf("status %q afterwards", got)
	}
	b.started(nil)
}

func TestLingerDoesNotProlong(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) { o.Linger, o.TaskDuration = time.Hour, time.Minute })
	id := b.started(nil)
	b.wantCode(b.call("StopStreamIngest", target(id)), "")
	b.clock.advance(time.Minute)
	if got := b.status(id); got != StatusNotExist {
		t.Errorf("status %q after its natural end", got)
	}
}

func TestStartDelay(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) { o.StartDelay = 2 * time.Second })
	id := b.started(nil)
	b.clock.advance(2*time.Second - 1)
	if got := b.status(id); got != StatusNotExist {
		t.Errorf("status %q too early", got)
	}
	if len(b.Alive()) != 1 {
		t.Error("the task is not alive")
	}
	b.clock.advance(1)
	if got := b.status(id); got != StatusInProgress {
		t.Errorf("status %q after the delay", got)
	}
}

func TestFinish(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	id := b.started(nil)
	if b.Finish("unknown") {
		t.Error("an unknown task finished")
	}
	if !b.Finish(id) {
		t.Error("a running task did not finish")
	}
	if b.Finish(id) {
		t.Error("it finished twice")
	}
	if got := b.status(id); got != StatusNotExist {
		t.Errorf("status %q", got)
	}
	b.wantCode(b.call("StopStreamIngest", target(id)), codeTaskFinished)
	b.wantCode(b.call("UpdateStreamIngest", target(id)), codeTaskNotExist)
}
