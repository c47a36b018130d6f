package trtcmock

import (
	"slices"
	"sync"
	"testing"
)

func TestStart_Task(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	id := s.started(map[string]any{
		"StreamUrl": "https://user:canary@media.example.com/live.flv?token=canary#canary",
		"RepeatNum": -1, "MaxDuration": 60, "AutoPush": true, "SeekSecond": 7, "Volume": 0,
	})
	task := s.Tasks()[0]
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

// TestStart_Defaults checks the values of a Start with SourceUrl, the old form of
// StreamUrl, alone.
func TestStart_Defaults(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.started(map[string]any{"StreamUrl": nil, "SourceUrl": []string{"rtmp://old.example.com/a?key=canary", "rtmp://old.example.com/b"}})
	if task := s.Tasks()[0]; task.Volume != 100 || task.RepeatNum != 1 || task.MaxDuration != nil || task.StreamURL != "rtmp://old.example.com/a" {
		t.Errorf("task %+v", task)
	}
}

func TestStart_TaskExist(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		changes map[string]any
		want    string
	}{
		"same":            {nil, "FailedOperation.TaskExist"},
		"same, other URL": {map[string]any{"StreamUrl": "rtmp://other.example.com/a"}, "FailedOperation.TaskExist"},
		"other app":       {map[string]any{"SdkAppId": testApp + 1}, ""},
		"other room":      {map[string]any{"RoomId": "4243"}, ""},
		"other room type": {map[string]any{"RoomIdType": 0}, ""},
		"other user":      {map[string]any{"UserId": "robot_2"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, nil)
			s.started(nil)
			s.wantCode(s.call("StartStreamIngest", startWith(test.changes)), test.want)
		})
	}
}

func TestStart_Quota(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(o *Options) { o.Quota = 2 })
	s.started(map[string]any{"RoomId": "1"})
	second := s.started(map[string]any{"RoomId": "2"})
	third := startWith(map[string]any{"RoomId": "3"})
	s.wantCode(s.call("StartStreamIngest", third), "FailedOperation.RestrictedConcurrency")
	s.wantCode(s.call("StopStreamIngest", target(second)), "")
	s.wantCode(s.call("StartStreamIngest", third), "")
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	id := s.started(map[string]any{"Volume": 30})
	update := func(changes map[string]any) Task {
		t.Helper()
		if a := s.call("UpdateStreamIngest", changed(target(id), changes)); a.code() != "" || a.Response.Status != StatusInProgress {
			t.Errorf("update: %+v", a)
		}
		return s.Tasks()[0]
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
	if before := s.Tasks()[0]; update(nil) != before {
		t.Error("an update of nothing changed something")
	}
}

func TestTask_NotVisible(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*testServer, *testRequest){
		"unknown": func(s *testServer, m *testRequest) { *m = s.newRequest(m.action, target("unknown")) },
		"other app": func(s *testServer, m *testRequest) {
			m.body = []byte(`{"SdkAppId":5,"TaskId":"` + s.Tasks()[0].ID + `"}`)
		},
		"other region": func(_ *testServer, m *testRequest) { m.region = "ap-tokyo" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, func(o *Options) { o.RegionBound = true })
			id := s.started(nil)
			codes := map[string]string{
				"DescribeStreamIngest": "", "UpdateStreamIngest": "FailedOperation.TaskNotExist", "StopStreamIngest": "FailedOperation.TaskFinished",
			}
			for action, want := range codes {
				m := s.newRequest(action, target(id))
				change(s, &m)
				a := s.send(m)
				s.wantCode(a, want)
				if action == "DescribeStreamIngest" && a.Response.Status != StatusNotExist {
					t.Errorf("status %q", a.Response.Status)
				}
			}
			if got := s.status(id); got != StatusInProgress {
				t.Errorf("status %q of the task itself", got)
			}
		})
	}
}

func TestUpdate_EndedTaskReturnsStatus(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(o *Options) { o.EndedUpdateReturnsStatus = true })
	if a := s.call("UpdateStreamIngest", target("unknown")); a.code() != "" || a.Response.Status != StatusNotExist {
		t.Errorf("response %+v", a)
	}
}

// TestStart_Concurrent starts the same task from many callers.
func TestStart_Concurrent(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	const callers = 32
	codes := make([]string, callers)
	var group sync.WaitGroup
	for i := range callers {
		group.Go(func() {
			codes[i] = s.call("StartStreamIngest", startWith(nil)).code()
			s.Journal()
			s.Alive()
		})
	}
	group.Wait()
	slices.Sort(codes)
	if codes[0] != "" || codes[1] != "FailedOperation.TaskExist" || len(s.Tasks()) != 1 || len(s.Journal()) != callers {
		t.Errorf("codes %q, tasks %+v", codes, s.Tasks())
	}
}
