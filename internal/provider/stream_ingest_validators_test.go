package provider_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

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

// TestInvalidArguments checks that invalid arguments are reported at plan time,
// on the argument, with the rule, and make no call. Package tickets tests the rules
// of rooms and users.
func TestInvalidArguments(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	below := world.Provider(t, nil)
	for name, test := range map[string]struct {
		change tfcore.Values
		// attribute is the attribute of the only error.
		attribute string
		rule      string
	}{
		"repeat_num 0":                      {tfcore.Values{"repeat_num": 0}, "repeat_num", repeatRule},
		"repeat_num 1001":                   {tfcore.Values{"repeat_num": 1001}, "repeat_num", repeatRule},
		"max_duration 0":                    {tfcore.Values{"repeat_num": -1, "max_duration": 0}, "max_duration", "between 1 and 10080"},
		"max_duration 10081":                {tfcore.Values{"repeat_num": -1, "max_duration": 10081}, "max_duration", "between 1 and 10080"},
		"max_duration, repeat_num left out": {tfcore.Values{"max_duration": 60}, "max_duration", "only with repeat_num = -1"},
		"volume -1":                         {tfcore.Values{"volume": -1}, "volume", "between 0 and 200"},
		"volume 201":                        {tfcore.Values{"volume": 201}, "volume", "between 0 and 200"},
		"tempo 3":                           {tfcore.Values{"tempo": 3}, "tempo", "must be one of"},
		"tempo 0.25":                        {tfcore.Values{"tempo": 0.25}, "tempo", "must be one of"},
		"idle_timeout -1":                   {tfcore.Values{"idle_timeout": -1}, "idle_timeout", "between 0 and 600"},
		"idle_timeout 601":                  {tfcore.Values{"idle_timeout": 601}, "idle_timeout", "between 0 and 600"},
		"room_id_type 2":                    {tfcore.Values{"room_id_type": 2}, "room_id_type", "must be 0 (string room) or 1 (32-bit integer room)"},
		"integer room lobby":                {tfcore.Values{"room_id": "lobby"}, "room_id", integerRoomRule},
		"integer room 0":                    {tfcore.Values{"room_id": "0"}, "room_id", integerRoomRule},
		"integer room empty":                {tfcore.Values{"room_id": ""}, "room_id", integerRoomRule},
		"integer room room123":              {tfcore.Values{"room_id": "room123"}, "room_id", "For a room with a string ID, set room_id_type = 0."},
		"string room empty":                 {tfcore.Values{"room_id": "", "room_id_type": 0}, "room_id", stringRoomRule},
		"string room of 65 bytes":           {tfcore.Values{"room_id": strings.Repeat("a", 65), "room_id_type": 0}, "room_id", stringRoomRule},
		"user_id empty":                     {tfcore.Values{"user_id": ""}, "user_id", userIDRule},
		"sdk_app_id 0":                      {tfcore.Values{"sdk_app_id": 0}, "sdk_app_id", "must be a whole number from 1 to 4294967295"},
		"sdk_app_id 4294967296":             {tfcore.Values{"sdk_app_id": int64(4294967296)}, "sdk_app_id", "must be a whole number from 1 to 4294967295"},
		"seek_second -1":                    {tfcore.Values{"seek_second": -1}, "seek_second", "at least 0"},
		"stream_url ftp":                    {tfcore.Values{"stream_url": "ftp://x/y"}, "stream_url", streamURLRule},
		"stream_url without a host":         {tfcore.Values{"stream_url": "https://"}, "stream_url", streamURLRule},
		"stream_url empty":                  {tfcore.Values{"stream_url": ""}, "stream_url", streamURLRule},
		"stream_url with port 65536":        {tfcore.Values{"stream_url": "https://example.com:65536/live.flv"}, "stream_url", "must have a port up to 65535"},
		"stream_check":                      {tfcore.Values{"stream_check": "on"}, "stream_check", `"off" "warn" "error"`},
		"on_task_end":                       {tfcore.Values{"on_task_end": "restart"}, "on_task_end", `"recreate" "keep"`},
		"region form":                       {tfcore.Values{"region": "Singapore"}, "region", "must be a Tencent Cloud region"},
		"timeouts":                          {tfcore.Values{"timeouts": tfcore.Values{"create": "soon"}}, "timeouts.create", "time"},
		"timeouts below a second":           {tfcore.Values{"timeouts": tfcore.Values{"update": "999ms"}}, "timeouts.update", "must be at least 1s"},
		"user_sig empty":                    {tfcore.Values{"user_sig": ""}, "user_sig", "must not be empty"},
		"user_sig twice":                    {tfcore.Values{"user_sig_wo": "x"}, "user_sig", "user_sig_wo"},
		"private_map_key empty":             {tfcore.Values{"private_map_key": ""}, "private_map_key", "must not be empty"},
		"private_map_key twice":             {tfcore.Values{"private_map_key": "x", "private_map_key_wo": "x"}, "private_map_key", "private_map_key_wo"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := below.Session(acctest.ResourceType).Plan(t.Context(), world.Values(t, test.change))
			acctest.ExpectError(t, plan.Diagnostics, test.attribute, test.rule)
			world.ExpectJournal(t)
		})
	}
}

// TestValidArguments checks that the rules are not stricter than the API. See
// TestValidPlansAreAccepted as well.
func TestValidArguments(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	below := world.Provider(t, nil)
	for name, change := range map[string]tfcore.Values{
		"max_duration 10080":        {"repeat_num": -1, "max_duration": 10080},
		"volume 0":                  {"volume": 0},
		"string room, whole set":    {"room_id": "aZ9 !#$%&()+-:;<=.>?@[]^_{}|~,", "room_id_type": 0},
		"user_id, whole set":        {"user_id": "_-aZ9", "user_sig": "a-ticket"},
		"sdk_app_id 4294967295":     {"sdk_app_id": int64(4294967295), "user_sig": "a-ticket"},
		"seek_second 0":             {"seek_second": 0},
		"stream_url http, IPv6":     {"stream_url": "http://[2001:db8::1]/x.m3u8"},
		"stream_url, port 65535":    {"stream_url": "https://example.com:65535/x"},
		"stream_url, encoded space": {"stream_url": "https://example.com/live%20stream.flv"},
		"stream_url in upper case":  {"stream_url": "HTTPS://EXAMPLE.COM/X"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := below.Session(acctest.ResourceType).Plan(t.Context(), world.Values(t, change))
			acctest.ExpectPlan(t, plan, tfcore.Create)
		})
	}
}

// TestValidateKnowsNoSite checks that terraform validate, which does not
// configure the provider, reports what is wrong on every site and nothing else.
func TestValidateKnowsNoSite(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Connect(t).Session(acctest.ResourceType)
	for _, wrong := range []tfcore.Values{{"tempo": 3}, {"idle_timeout": 601}, {"volume": 201}, {"volume": -1}} {
		for attribute := range wrong {
			acctest.ExpectError(t, session.Validate(t.Context(), world.Values(t, wrong)), attribute)
		}
	}
	right := world.Values(t, chinaOnly().With(tfcore.Values{"volume": 200, "region": "ap-beijing"}))
	if diags := session.Validate(t.Context(), right); diags.HasErrors() {
		t.Errorf("diagnostics: %s, want no error", diags)
	}
}

// TestWriteOnlyNeedsNewCLI checks that CLIs that would store the value are
// refused.
func TestWriteOnlyNeedsNewCLI(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	below := world.Provider(t, nil)
	below.ForgetsWriteOnly = true
	session := below.Session(acctest.ResourceType)
	plan := session.Plan(t.Context(), world.Values(t, tfcore.Values{"user_sig": nil, "user_sig_wo": "x"}))
	acctest.ExpectError(t, plan.Diagnostics, "user_sig_wo", "1.11")
	plan = session.Plan(t.Context(), world.Values(t, nil))
	if len(plan.Diagnostics) > 0 {
		t.Errorf("user_sig with an old CLI: diags %s, want nothing", plan.Diagnostics)
	}
}

// TestAccInvalid checks the errors that the CLI shows, for one argument of each
// kind of rule.
func TestAccInvalid(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	refused := func(arguments acctest.Arguments, message string) resource.TestStep {
		return resource.TestStep{
			Config:      world.Config(t, arguments),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(message),
		}
	}
	world.Run(t,
		refused(acctest.Arguments{"repeat_num": "0"}, `repeat_num must be -1 \(endless\) or from 1 to 1000`),
		refused(acctest.Arguments{"max_duration": "5"}, `max_duration requires repeat_num = -1`),
		refused(acctest.Arguments{"room_id": `"lobby"`}, `room_id must be a whole number from 1 to 4294967295`),
		refused(acctest.Arguments{"user_sig_wo": `"x"`}, `(?s)user_sig.*user_sig_wo`),
		refused(acctest.Arguments{"stream_url": `"ftp://x/y"`}, `stream_url must be an absolute`),
	)
	world.ExpectJournal(t)
}
