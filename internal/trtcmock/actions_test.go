package trtcmock

import (
	"regexp"
	"slices"
	"sync"
	"testing"
)

func TestStartMakesATask(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	id := b.started(map[string]any{
		"StreamUrl": "https://user:canary@media.example.com/live.flv?token=canary#canary",
		"RepeatNum": -1, "MaxDuration": 60, "AutoPush": true, "SeekSecond": 7, "Volume": 0,
	})
	task := b.Tasks()[0]
	if *task.MaxDuration != 60 {
		t.Errorf("max duration %d", *task.MaxDuration)
	}
	task.MaxDuration = nil
	want := Task{
		ID: id, Region: testRegion, SdkAppID: testApp, RoomID: "4242", RoomIDType: 1, UserID: "robot_1",
		StreamURL: "https://media.example.com/live.flv", AutoPush: true, SeekSecond: 7, RepeatNum: -1,
		Status: StatusInProgress, StartedAt: testStart(),
	}
	if task != want {
		t.Errorf("task %+v, want %+v", task, want)
	}
}

func TestStartDefaults(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.started(map[string]any{"StreamUrl": nil})
	if task := b.Tasks()[0]; task.Volume != 100 || task.RepeatNum != 1 || task.MaxDuration != nil || task.StreamURL != "" {
		t.Errorf("task %+v", task)
	}
}

func TestTaskIDs(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[A-Za-z0-9]+\+[A-Za-z0-9]+-[A-Za-z0-9]+\.[A-Za-z0-9]+_[A-Za-z0-9]+$`)
	g := newGenerator(cryptoSource{})
	seen := map[string]bool{}
	for range 200 {
		id := g.taskID()
		if len(id) < 60 || len(id) > 120 || !form.MatchString(id) || seen[id] {
			t.Fatalf("task id %q", id)
		}
		seen[id] = true
	}
}

func TestTaskExist(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		changes map[string]any
		want    string
	}{
		"same":            {nil, codeTaskExist},
		"same, other URL": {map[string]any{"StreamUrl": "rtmp://other.example.com/a"}, codeTaskExist},
		"other app":       {map[string]any{"SdkAppId": testApp + 1}, ""},
		"other room":      {map[string]any{"RoomId": "4243"}, ""},
		"other room type": {map[string]any{"RoomIdType": 0}, ""},
		"other user":      {map[string]any{"UserId": "robot_2"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			b.started(nil)
			b.wantCode(b.call("StartStreamIngest", startParametersWith(test.changes)), test.want)
		})
	}
}

func TestQuota(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) { o.Quota = 2 })
	b.started(map[string]any{"RoomId": "1"})
	second := b.started(map[string]any{"RoomId": "2"})
	third := startParametersWith(map[string]any{"RoomId": "3"})
	b.wantCode(b.call("StartStreamIngest", third), codeQuota)
	b.wantCode(b.call("StopStreamIngest", target(second)), "")
	b.wantCode(b.call("StartStreamIngest", third), "")
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	id := b.started(map[string]any{"Volume": 30})
	update := func(changes map[string]any) Task {
		t.Helper()
		if a := b.call("UpdateStreamIngest", changed(target(id), changes)); a.code() != "" || a.Response.Status != StatusInProgress {
			t.Errorf("update: %+v", a)
		}
		return b.Tasks()[0]
	}
	if task := update(map[string]any{"IsPause": true}); !task.Paused || task.Volume != 30 || task.Status != StatusInProgress {
		t.Errorf("paused: %+v", task)
	}
	if task := update(map[string]any{"Volume": 0}); !task.Paused || task.Volume != 0 {
		t.Errorf("volume: %+v", task)
	}
	url := map[string]any{"StreamUrl": "rtmp://other.example.com/a?key=canary", "IsPause": false}
	if task := update(url); task.Paused || task.StreamURL != "rtmp://other.example.com/a" {
		t.Errorf("URL: %+v", task)
	}
	if before := b.Tasks()[0]; update(nil) != before {
		t.Error("an update of nothing changed something")
	}
}

func TestGone(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*bench, *message){
		"unknown":      func(b *bench, m *message) { *m = b.message(m.action, target("unknown")) },
		"other app":    func(b *bench, m *message) { m.body = []byte(`{"SdkAppId":5,"TaskId":"` + b.Tasks()[0].ID + `"}`) },
		"other region": func(_ *bench, m *message) { m.region = "ap-tokyo" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(o *Options) { o.RegionBound = true })
			id := b.started(nil)
			codes := map[string]string{
				"DescribeStreamIngest": "", "UpdateStreamIngest": codeTaskNotExist, "StopStreamIngest": codeTaskFinished,
			}
			for action, want := range codes {
				m := b.message(action, target(id))
				change(b, &m)
				a := b.send(m)
				b.wantCode(a, want)
				if action == "DescribeStreamIngest" && a.Response.Status != StatusNotExist {
					t.Errorf("status %q", a.Response.Status)
				}
			}
			if got := b.status(id); got != StatusInProgress {
				t.Errorf("status %q of the task itself", got)
			}
		})
	}
}

func TestRegionsShareTasksByDefault(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	m := b.message("StopStreamIngest", target(b.started(nil)))
	m.region = "ap-tokyo"
	b.wantCode(b.send(m), "")
}

func TestUpdateGoneAnswersStatus(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) { o.UpdateGoneAnswersStatus = true })
	if a := b.call("UpdateStreamIngest", target("unknown")); a.code() != "" || a.Response.Status != StatusNotExist {
		t.Errorf("answer %+v", a)
	}
}

// TestConcurrentStarts has many callers want one seat.
func TestConcurrentStarts(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	const callers = 32
	codes := make([]string, callers)
	var group sync.WaitGroup
	for i := range callers {
		group.Go(func() {
			codes[i] = b.call("StartStreamIngest", startParametersWith(nil)).code()
			b.Journal()
			b.Alive()
		})
	}
	group.Wait()
	slices.Sort(codes)
	if codes[0] != "" || codes[1] != codeTaskExist || len(b.Tasks()) != 1 || len(b.Journal()) != callers {
		t.Errorf("codes %q, tasks %+v", codes, b.Tasks())
	}
}
