package conformance

import (
	"cmp"
	"context"
	"regexp"
	"strconv"
	"time"
)

// describe, update and stop name a task that does not exist.
func describe(edits ...edit) step { return inRegion(actionDescribe, "", edits...) }
func update(edits ...edit) step   { return inRegion(actionUpdate, "", edits...) }
func stop(edits ...edit) step     { return inRegion(actionStop, "", edits...) }

// inRegion names a task that does not exist in a region; empty means the run's.
func inRegion(action, region string, edits ...edit) step {
	return func(ctx context.Context, s *session) string {
		return s.value(s.call(ctx, action, cmp.Or(region, s.run.config.Region), nonexistent().edited(s, edits)))
	}
}

// nonexistent returns the parameters that name a task that does not exist.
func nonexistent() parameters {
	return parameters{"SdkAppId": foreignApp, "TaskId": nonexistentTask}
}

// raw sends a request that the signing core would not send.
func raw(changes ...func(*rawCall)) step {
	return func(ctx context.Context, s *session) string {
		return s.value(s.after(ctx, func() (response, error) { return s.run.sendRaw(ctx, changes...) }))
	}
}

// valid sends a valid Start with changes, and stops the task if there is one.
func valid(edits ...edit) step { return rejectedStart(append([]edit{asUser}, edits...)...) }

// rejectedStart sends a Start that must be rejected, and stops the task if there is
// one.
func rejectedStart(edits ...edit) step {
	return func(ctx context.Context, s *session) string {
		started, got := s.begin(ctx, s.rejectedStart(edits...))
		s.end(ctx, started)
		return s.value(got)
	}
}

// running returns the task that the cases of a probe share, and starts it if
// there is none. It is nil only after an error.
func (s *session) running(ctx context.Context, edits ...edit) *task {
	if s.task == nil {
		s.task = s.runningOf(ctx, s.validStart(edits...))
	}
	return s.task
}

func (s *session) runningOf(ctx context.Context, p parameters) *task {
	started, got := s.begin(ctx, p)
	if started == nil {
		s.fail("a valid Start was rejected with %s", got.value())
	}
	return started
}

// onTask sends a call for a task and returns what is recorded of the response.
func (s *session) onTask(ctx context.Context, t *task, action, region string, edits ...edit) string {
	if s.err != nil {
		return ""
	}
	return s.value(s.call(ctx, action, region, t.existing().edited(s, edits)))
}

// taskID returns whether the TaskId of a task has a form.
func taskID(form string) step {
	return func(ctx context.Context, s *session) string {
		started := s.running(ctx)
		return strconv.FormatBool(started != nil && regexp.MustCompile(form).MatchString(started.record.TaskID))
	}
}

// otherRegion returns a region of the site besides the run's that the reference
// lists for all actions.
func (r *Run) otherRegion() string {
	if other := regionsOf(r.config.China)[0]; other != r.config.Region {
		return other
	}
	return "ap-singapore"
}

// elsewhere sends a call for a task from another region, once the task is visible
// in its own.
func elsewhere(action string, edits ...edit) step {
	return func(ctx context.Context, s *session) string {
		started := s.running(ctx)
		s.waitFor(ctx, started, inProgress)
		return s.onTask(ctx, started, action, s.run.otherRegion(), edits...)
	}
}

// change sends an Update.
func change(edits ...edit) step {
	return func(ctx context.Context, s *session) string {
		return s.onTask(ctx, s.running(ctx), actionUpdate, s.run.config.Region, edits...)
	}
}

// stopNow sends one Stop, or ends the probe if it is rejected.
func (s *session) stopNow(ctx context.Context, started *task) {
	if got := s.onTask(ctx, started, actionStop, s.run.config.Region); got != success {
		s.fail("Stop was rejected with %s", got)
	}
}

// gone stops a task and waits until Describe no longer shows it.
func gone(ctx context.Context, s *session) string {
	started := s.runningOf(ctx, s.validStart())
	s.stopNow(ctx, started)
	took := lag(s.waitFor(ctx, started, notExist))
	s.end(ctx, started)
	return took
}

// free stops a task and sends the same Start again until it is not rejected.
func free(ctx context.Context, s *session) string {
	p := s.validStart()
	s.stopNow(ctx, s.runningOf(ctx, p))
	for since := s.run.config.Clock.Now(); s.err == nil; {
		next, got := s.begin(ctx, p)
		took := s.run.config.Clock.Now().Sub(since)
		switch {
		case next == nil && got.code != "FailedOperation.TaskExist":
			return s.value(got)
		case next != nil || took >= longestLag:
			return lag(took, next != nil)
		default:
			s.sleep(ctx, time.Second)
		}
	}
	return ""
}

// ended sends a call for a task that has been stopped.
func ended(action string, edits ...edit) step {
	return func(ctx context.Context, s *session) string {
		if s.task == nil {
			s.stopNow(ctx, s.running(ctx))
			s.waitFor(ctx, s.task, notExist)
		}
		return s.onTask(ctx, s.task, action, s.run.config.Region, edits...)
	}
}

// begun starts a task and describes it after 10 seconds.
func begun(edits ...edit) step {
	return func(ctx context.Context, s *session) string {
		started := s.running(ctx, edits...)
		s.sleep(ctx, 10*time.Second)
		return s.onTask(ctx, started, actionDescribe, s.run.config.Region)
	}
}

// aMinuteOld describes the task of begun 50 seconds later, and stops it.
func aMinuteOld(ctx context.Context, s *session) string {
	started := s.task
	s.sleep(ctx, 50*time.Second)
	status := s.onTask(ctx, started, actionDescribe, s.run.config.Region)
	s.end(ctx, started)
	s.task = nil
	return status
}
