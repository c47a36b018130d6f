package trtcmock

import (
	"strings"
	"testing"
)

type changes = map[string]any

// startCase is a valid Start with changes, and the code of the response.
type startCase struct {
	changes changes
	want    string
}

// checkStarts sends each Start to a server of its own.
func checkStarts(t *testing.T, options func(*Options), cases map[string]startCase) {
	t.Helper()
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, options)
			s.wantCode(s.call("StartStreamIngest", startWith(test.changes)), test.want)
			if started := len(s.Tasks()) == 1; started != (test.want == "") {
				t.Errorf("a task was started: %v", started)
			}
		})
	}
}

func TestStart_Parameters(t *testing.T) {
	t.Parallel()
	checkStarts(t, nil, map[string]startCase{
		"least":                    {changes{"StreamUrl": nil}, ""},
		"all":                      {changes{"SeekSecond": 3, "AutoPush": true, "RepeatNum": -1, "MaxDuration": 10080, "Volume": 0, "PrivateMapKey": "any"}, ""},
		"unknown parameter":        {changes{"Volumes": 1}, "UnknownParameter"},
		"parameter in lower case":  {changes{"volume": 1}, "UnknownParameter"},
		"IsPause":                  {changes{"IsPause": true}, "UnknownParameter"},
		"EnableProgress":           {changes{"EnableProgress": true}, "UnknownParameter"},
		"no app":                   {changes{"SdkAppId": nil}, "MissingParameter.SdkAppId"},
		"app 0":                    {changes{"SdkAppId": 0}, "InvalidParameter.SdkAppId"},
		"app of 33 bits":           {changes{"SdkAppId": int64(1) << 32}, "InvalidParameter.SdkAppId"},
		"app as text":              {changes{"SdkAppId": "1400000001"}, "InvalidParameter.BodyParamsError"},
		"app with a fraction":      {changes{"SdkAppId": 1.5}, "InvalidParameter.BodyParamsError"},
		"no room":                  {changes{"RoomId": nil}, "MissingParameter.RoomId"},
		"room as number":           {changes{"RoomId": 4242}, "InvalidParameter.BodyParamsError"},
		"no room type":             {changes{"RoomIdType": nil}, "MissingParameter"},
		"room type 2":              {changes{"RoomIdType": 2}, "InvalidParameterValue"},
		"room type -1":             {changes{"RoomIdType": -1}, "InvalidParameter.BodyParamsError"},
		"integer room 0":           {changes{"RoomId": "0"}, "InvalidParameter.RoomId"},
		"integer room empty":       {changes{"RoomId": ""}, "InvalidParameter.RoomId"},
		"integer room signed":      {changes{"RoomId": "+1"}, "InvalidParameter.RoomId"},
		"integer room zero-padded": {changes{"RoomId": "01"}, "InvalidParameter.RoomId"},
		"integer room largest":     {changes{"RoomId": "4294967295"}, ""},
		"integer room too large":   {changes{"RoomId": "4294967296"}, "InvalidParameter.RoomId"},
		"string room":              {changes{"RoomId": "a !#$%&()+-:;<=.>?@[]^_{}|~,", "RoomIdType": 0}, ""},
		"string room of 64":        {changes{"RoomId": strings.Repeat("r", 64), "RoomIdType": 0}, ""},
		"string room of 65":        {changes{"RoomId": strings.Repeat("r", 65), "RoomIdType": 0}, "InvalidParameter.StrRoomId"},
		"string room empty":        {changes{"RoomId": "", "RoomIdType": 0}, "InvalidParameter.StrRoomId"},
		"string room with slash":   {changes{"RoomId": "a/b", "RoomIdType": 0}, "InvalidParameter.StrRoomId"},
		"string room with quote":   {changes{"RoomId": "a'b", "RoomIdType": 0}, "InvalidParameter.StrRoomId"},
		"string room with newline": {changes{"RoomId": "a\n", "RoomIdType": 0}, "InvalidParameter.StrRoomId"},
		"no user":                  {changes{"UserId": nil}, "MissingParameter"},
		"user of 32":               {changes{"UserId": strings.Repeat("u", 32)}, ""},
		"user of 33":               {changes{"UserId": strings.Repeat("u", 33)}, "InvalidParameter.UserId"},
		"user with dot":            {changes{"UserId": "a.b"}, "InvalidParameter.UserId"},
		"no UserSig":               {changes{"UserSig": nil}, "MissingParameter"},
		"empty UserSig":            {changes{"UserSig": ""}, "InvalidParameter.UserSig"},
		"null":                     {changes{"StreamUrl": (*string)(nil)}, "InvalidParameter.BodyParamsError"},
		"URL over RTMP":            {changes{"StreamUrl": "rtmp://live.example.com/a/b?c=d"}, ""},
		"URL relative":             {changes{"StreamUrl": "/live.flv"}, "InvalidParameter.StreamUrl"},
		"URL without host":         {changes{"StreamUrl": "https:///live.flv"}, "InvalidParameter.StreamUrl"},
		"URL with port only":       {changes{"StreamUrl": "https://:8080/live.flv"}, "InvalidParameter.StreamUrl"},
		"URL of file":              {changes{"StreamUrl": "file://host/live.flv"}, "InvalidParameter.StreamUrl"},
		"URL empty":                {changes{"StreamUrl": ""}, "InvalidParameter.StreamUrl"},
		"PrivateMapKey empty":      {changes{"PrivateMapKey": ""}, "InvalidParameter"},
		"seek negative":            {changes{"SeekSecond": -1}, "InvalidParameterValue"},
		"repeat 0":                 {changes{"RepeatNum": 0}, "InvalidParameterValue"},
		"repeat -2":                {changes{"RepeatNum": -2}, "InvalidParameterValue"},
		"repeat 1000":              {changes{"RepeatNum": 1000}, ""},
		"repeat 1001":              {changes{"RepeatNum": 1001}, "InvalidParameterValue"},
		"duration 0":               {changes{"MaxDuration": 0}, "InvalidParameterValue"},
		"duration 10081":           {changes{"MaxDuration": 10081}, "InvalidParameterValue"},
		"volume 100":               {changes{"Volume": 100}, ""},
		"volume 101":               {changes{"Volume": 101}, "InvalidParameterValue"},
		"volume negative":          {changes{"Volume": -1}, "InvalidParameter.BodyParamsError"},
		"SourceUrl":                {changes{"StreamUrl": nil, "SourceUrl": []string{"rtmp://a.example.com/b"}}, ""},
		"SourceUrl as text":        {changes{"SourceUrl": "rtmp://a.example.com/b"}, "InvalidParameter.BodyParamsError"},
		"SourceUrl relative":       {changes{"SourceUrl": []string{"rtmp://a.example.com/b", "b"}}, "InvalidParameter.StreamUrl"},
		"encode params":            {changes{"VideoEncodeParams": changes{"Width": 640}, "AudioEncodeParams": changes{"Channel": 2}}, ""},
		"encode params as text":    {changes{"VideoEncodeParams": "640"}, "InvalidParameter.BodyParamsError"},
		"Tempo":                    {changes{"Tempo": 1}, "UnknownParameter"},
		"IdleTimeout":              {changes{"IdleTimeout": 1}, "UnknownParameter"},
		"push as text":             {changes{"AutoPush": "true"}, "InvalidParameter.BodyParamsError"},
	})
}

func TestOtherParameters(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		action  string
		changes changes // of an existing call with SdkAppId 1 and TaskId x
		want    string
	}{
		"describe: no app":      {"DescribeStreamIngest", changes{"SdkAppId": nil}, "MissingParameter.SdkAppId"},
		"describe: no task":     {"DescribeStreamIngest", changes{"TaskId": nil}, "MissingParameter.TaskId"},
		"describe: empty task":  {"DescribeStreamIngest", changes{"TaskId": ""}, "InvalidParameter.TaskId"},
		"describe: app 0":       {"DescribeStreamIngest", changes{"SdkAppId": 0}, "InvalidParameter.SdkAppId"},
		"describe: wrong type":  {"DescribeStreamIngest", changes{"TaskId": 5}, "InvalidParameter"},
		"describe: unknown":     {"DescribeStreamIngest", changes{"RoomId": "1"}, "UnknownParameter"},
		"stop: wrong type":      {"StopStreamIngest", changes{"TaskId": 5}, "InvalidParameter.BodyParamsError"},
		"stop: no task":         {"StopStreamIngest", changes{"TaskId": nil}, "MissingParameter.TaskId"},
		"update: wrong type":    {"UpdateStreamIngest", changes{"IsPause": 1}, "InvalidParameter"},
		"update: volume 101":    {"UpdateStreamIngest", changes{"Volume": 101}, "InvalidParameterValue"},
		"update: relative URL":  {"UpdateStreamIngest", changes{"StreamUrl": "x"}, "InvalidParameter.StreamUrl"},
		"update: UserSig":       {"UpdateStreamIngest", changes{"UserSig": "x"}, "UnknownParameter"},
		"update: Tempo":         {"UpdateStreamIngest", changes{"Tempo": 1}, "UnknownParameter"},
		"update: progress":      {"UpdateStreamIngest", changes{"EnableProgress": true}, "UnknownParameter"},
		"update: SourceUrl":     {"UpdateStreamIngest", changes{"SourceUrl": []string{"rtmp://a.example.com/b"}}, "UnknownParameter"},
		"update: nothing to do": {"UpdateStreamIngest", nil, "FailedOperation.TaskNotExist"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, nil)
			s.wantCode(s.call(test.action, changed(changes{"SdkAppId": 1, "TaskId": "x"}, test.changes)), test.want)
		})
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, body := range []string{"", "null", "[]", `"{}"`, `{"SdkAppId":1`, "{}{}"} {
		for action, want := range map[string]string{
			"StartStreamIngest": "InvalidParameter.BodyParamsError", "StopStreamIngest": "InvalidParameter.BodyParamsError",
			"DescribeStreamIngest": "InvalidParameter", "UpdateStreamIngest": "InvalidParameter",
		} {
			m := s.newRequest(action, nil)
			m.body = []byte(body)
			s.wantCode(s.send(m), want)
		}
	}
}

func TestStart_ChinaParameters(t *testing.T) {
	t.Parallel()
	checkStarts(t, func(o *Options) { o.China = true }, map[string]startCase{
		"all":            {changes{"EnableProgress": true, "Tempo": 1.25, "IdleTimeout": 600, "Volume": 200}, ""},
		"lowest":         {changes{"EnableProgress": false, "Tempo": 0.5, "IdleTimeout": 0, "Volume": 0}, ""},
		"whole tempo":    {changes{"Tempo": 2}, ""},
		"tempo 0":        {changes{"Tempo": 0}, "InvalidParameterValue"},
		"tempo 1.1":      {changes{"Tempo": 1.1}, "InvalidParameterValue"},
		"tempo as text":  {changes{"Tempo": "1"}, "InvalidParameter.BodyParamsError"},
		"idle -1":        {changes{"IdleTimeout": -1}, "InvalidParameter.BodyParamsError"},
		"idle 601":       {changes{"IdleTimeout": 601}, "InvalidParameterValue"},
		"volume 201":     {changes{"Volume": 201}, "InvalidParameterValue"},
		"progress as 1":  {changes{"EnableProgress": 1}, "InvalidParameter.BodyParamsError"},
		"unknown as yet": {changes{"Pitch": 1}, "UnknownParameter"},
	})
}

func TestUpdate_ChinaParameters(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(o *Options) { o.China = true })
	id := s.started(map[string]any{"EnableProgress": true, "Tempo": 1.25, "IdleTimeout": 600})
	s.wantCode(s.call("UpdateStreamIngest", changed(target(id), map[string]any{"Tempo": 0.5, "Volume": 150})), "")
	s.wantCode(s.call("UpdateStreamIngest", changed(target(id), map[string]any{"EnableProgress": false})), "")
	s.wantCode(s.call("UpdateStreamIngest", changed(target(id), map[string]any{"IdleTimeout": 1})), "UnknownParameter")
	if task := s.Tasks()[0]; *task.Tempo != 0.5 || *task.EnableProgress || *task.IdleTimeout != 600 || task.Volume != 150 {
		t.Errorf("task %+v", task)
	}
	if start, update := s.Journal()[0], s.Journal()[1]; *start.Tempo != 1.25 || !*start.EnableProgress || *start.IdleTimeout != 600 ||
		*update.Tempo != 0.5 || update.EnableProgress != nil || update.IdleTimeout != nil {
		t.Errorf("call log %+v, %+v", start, update)
	}
}
