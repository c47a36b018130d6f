package provider_test

import (
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

const (
	integerRoomRule = "must be a whole number from 1 to 4294967295"
	stringRoomRule  = "must be 1 to 64 bytes"
	userIDRule      = "must be 1 to 32 characters of a-z, A-Z, 0-9, _ and -"
	repeatRule      = "must be -1 (endless) or from 1 to 1000"
	streamURLRule   = "must be an absolute http://, https:// or rtmp:// URL with a host"
)

// TestAccInvalidArguments: what can be known at plan time is told at plan time,
// on the argument, with the rule, and costs no call.
func TestAccInvalidArguments(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	below := world.Provider(t, nil)
	for name, test := range map[string]struct {
		change tfcore.Values
		// attribute is where the one error must be.
		attribute string
		rule      string
	}{
		"repeat_num 0":                      {tfcore.Values{"repeat_num": 0}, "repeat_num", repeatRule},
		"repeat_num -2":                     {tfcore.Values{"repeat_num": -2}, "repeat_num", repeatRule},
		"repeat_num 1001":                   {tfcore.Values{"repeat_num": 1001}, "repeat_num", repeatRule},
		"max_duration 0":                    {tfcore.Values{"repeat_num": -1, "max_duration": 0}, "max_duration", "between 1 and 10080"},
		"max_duration -1":                   {tfcore.Values{"repeat_num": -1, "max_duration": -1}, "max_duration", "between 1 and 10080"},
		"max_duration 10081":                {tfcore.Values{"repeat_num": -1, "max_duration": 10081}, "max_duration", "between 1 and 10080"},
		"max_duration, repeat_num 5":        {tfcore.Values{"repeat_num": 5, "max_duration": 60}, "max_duration", "only with repeat_num = -1"},
		"max_duration, repeat_num left out": {tfcore.Values{"max_duration": 60}, "max_duration", "only with repeat_num = -1"},
		"volume -1":                         {tfcore.Values{"volume": -1}, "volume", "between 0 and 100"},
		"volume 101":                        {tfcore.Values{"volume": 101}, "volume", "between 0 and 100"},
		"room_id_type 2":                    {tfcore.Values{"room_id_type": 2}, "room_id_type", `["0" "1"]`},
		"room_id_type -1":                   {tfcore.Values{"room_id_type": -1}, "room_id_type", `["0" "1"]`},
		"integer room lobby":                {tfcore.Values{"room_id": "lobby"}, "room_id", integerRoomRule},
		"integer room 0":                    {tfcore.Values{"room_id": "0"}, "room_id", integerRoomRule},
		"integer room 4294967296":           {tfcore.Values{"room_id": "4294967296"}, "room_id", integerRoomRule},
		"integer room empty":                {tfcore.Values{"room_id": ""}, "room_id", integerRoomRule},
		"integer room 007":                  {tfcore.Values{"room_id": "007"}, "room_id", integerRoomRule},
		"integer room +7":                   {tfcore.Values{"room_id": "+7"}, "room_id", integerRoomRule},
		"integer room, type given":          {tfcore.Values{"room_id": "lobby", "room_id_type": 1}, "room_id", integerRoomRule},
		"string room empty":                 {tfcore.Values{"room_id": "", "room_id_type": 0}, "room_id", stringRoomRule},
		"string room of 65 bytes":           {tfcore.Values{"room_id": strings.Repeat("a", 65), "room_id_type": 0}, "room_id", stringRoomRule},
		"string room with a slash":          {tfcore.Values{"room_id": "a/b", "room_id_type": 0}, "room_id", stringRoomRule},
		"string room in Chinese":            {tfcore.Values{"room_id": "大厅", "room_id_type": 0}, "room_id", stringRoomRule},
		"user_id empty":                     {tfcore.Values{"user_id": ""}, "user_id", userIDRule},
		"user_id of 33 bytes":               {tfcore.Values{"user_id": strings.Repeat("a", 33)}, "user_id", userIDRule},
		"user_id with a space":              {tfcore.Values{"user_id": "a b"}, "user_id", userIDRule},
		"user_id in Chinese":                {tfcore.Values{"user_id": "机器人"}, "user_id", userIDRule},
		"sdk_app_id 0":                      {tfcore.Values{"sdk_app_id": 0}, "sdk_app_id", "must be a whole number from 1 to 4294967295"},
		"sdk_app_id -1":                     {tfcore.Values{"sdk_app_id": -1}, "sdk_app_id", "must be a whole number from 1 to 4294967295"},
		"sdk_app_id 4294967296":             {tfcore.Values{"sdk_app_id": 4294967296}, "sdk_app_id", "must be a whole number from 1 to 4294967295"},
		"seek_second -1":                    {tfcore.Values{"seek_second": -1}, "seek_second", "at least 0"},
		"stream_url not a url":              {tfcore.Values{"stream_url": "not a url"}, "stream_url", streamURLRule},
		"stream_url ftp":                    {tfcore.Values{"stream_url": "ftp://x/y"}, "stream_url", streamURLRule},
		"stream_url without a host":         {tfcore.Values{"stream_url": "https://"}, "stream_url", streamURLRule},
		"stream_url with a port alone":      {tfcore.Values{"stream_url": "https://:443/x"}, "stream_url", streamURLRule},
		"stream_url relative":               {tfcore.Values{"stream_url": "//example.com/x"}, "stream_url", streamURLRule},
		"stream_url empty":                  {tfcore.Values{"stream_url": ""}, "stream_url", streamURLRule},
		"stream_url with a line break":      {tfcore.Values{"stream_url": "https://example.com/\nx"}, "stream_url", streamURLRule},
		"on_task_end":                       {tfcore.Values{"on_task_end": "restart"}, "on_task_end", `"recreate" "keep"`},
		"region form":                       {tfcore.Values{"region": "Singapore"}, "region", "must be a Tencent Cloud region"},
		"region empty":                      {tfcore.Values{"region": ""}, "region", "must be a Tencent Cloud region"},
		"timeouts":                          {tfcore.Values{"timeouts": tfcore.Values{"create": "soon"}}, "timeouts.create", "time"},
		"user_sig empty":                    {tfcore.Values{"user_sig": ""}, "user_sig", "at least 1"},
		"user_sig_wo empty":                 {tfcore.Values{"user_sig": nil, "user_sig_wo": ""}, "user_sig_wo", "at least 1"},
		"user_sig twice":                    {tfcore.Values{"user_sig_wo": "x"}, "user_sig", "user_sig_wo"},
		"private_map_key empty":             {tfcore.Values{"private_map_key": ""}, "private_map_key", "at least 1"},
		"private_map_key twice":             {tfcore.Values{"private_map_key": "x", "private_map_key_wo": "x"}, "private_map_key", "private_map_key_wo"},
		"no ticket":                         {tfcore.Values{"user_sig": nil}, "user_sig_wo", "starts a task"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := acctest.SessionOf(t, below).Plan(t.Context(), world.Values(t, test.change))
			acctest.ExpectError(t, plan.Diagnostics, test.attribute, test.rule)
			world.ExpectJournal(t)
		})
	}
}

// TestAccValidArguments holds the rules against being stricter than the API.
func TestAccValidArguments(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	below := world.Provider(t, nil)
	for name, change := range map[string]tfcore.Values{
		"repeat_num 1000":           {"repeat_num": 1000},
		"max_duration 1":            {"repeat_num": -1, "max_duration": 1},
		"max_duration 10080":        {"repeat_num": -1, "max_duration": 10080},
		"volume 0":                  {"volume": 0},
		"integer room 4294967295":   {"room_id": "4294967295"},
		"string room of 64 bytes":   {"room_id": strings.Repeat("a", 64), "room_id_type": 0},
		"string room, whole set":    {"room_id": "aZ9 !#$%&()+-:;<=.>?@[]^_{}|~,", "room_id_type": 0},
		"string room of digits":     {"room_id": "0", "room_id_type": 0},
		"user_id of 32 bytes":       {"user_id": strings.Repeat("a", 32)},
		"user_id, whole set":        {"user_id": "_-aZ9"},
		"sdk_app_id 1":              {"sdk_app_id": 1},
		"sdk_app_id 4294967295":     {"sdk_app_id": 4294967295},
		"seek_second 0":             {"seek_second": 0},
		"stream_url rtmp, port":     {"stream_url": "rtmp://live.example.com:1935/app/x?y=z"},
		"stream_url http, IPv6":     {"stream_url": "http://[2001:db8::1]/x.m3u8"},
		"stream_url in upper case":  {"stream_url": "HTTPS://EXAMPLE.COM/X"},
		"region unknown to Tencent": {"region": "eu-mars-1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := acctest.SessionOf(t, below).Plan(t.Context(), world.Values(t, change))
			if plan.Diagnostics.HasErrors() || plan.Action != tfcore.Create {
				t.Errorf("plan = %s, said %s", plan, plan.Diagnostics)
			}
		})
	}
}

// TestAccWarnings: what costs money or does not work, without being wrong.
func TestAccWarnings(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Session(t)
	for attribute, change := range map[string]tfcore.Values{
		"stream_url": {"stream_url": nil},
		"paused":     {"paused": true},
		"user_sig":   {},
	} {
		plan := session.Plan(t.Context(), world.Values(t, change))
		if plan.Diagnostics.HasErrors() || len(plan.Diagnostics.Warnings().On(attribute)) == 0 {
			t.Errorf("%s: said %q, want a warning", attribute, plan.Diagnostics)
		}
	}
	silent := world.Values(t, tfcore.Values{"user_sig": nil, "user_sig_wo": world.UserSig(t, acctest.UserID)})
	if plan := session.Plan(t.Context(), silent); len(plan.Diagnostics) > 0 {
		t.Errorf("said %s, want nothing", plan.Diagnostics)
	}
}

// TestAccWriteOnlyNeedsNewCLI: a CLI that would store the value is refused.
func TestAccWriteOnlyNeedsNewCLI(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	below := world.Provider(t, nil)
	below.ForgetsWriteOnly = true
	session := acctest.SessionOf(t, below)
	plan := session.Plan(t.Context(), world.Values(t, tfcore.Values{"user_sig": nil, "user_sig_wo": "x"}))
	acctest.ExpectError(t, plan.Diagnostics, "user_sig_wo", "1.11")
	plan = session.Plan(t.Context(), world.Values(t, nil))
	if len(plan.Diagnostics) > 0 {
		t.Errorf("user_sig with an old CLI: said %s, want nothing", plan.Diagnostics)
	}
}
