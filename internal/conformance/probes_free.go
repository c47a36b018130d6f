package conformance

import (
	"maps"
	"time"
)

const unknownScheme = "ftp://tf-live.invalid/audio.mp3"

// freeProbes returns those of tier 0: credentials only, no task on purpose.
func freeProbes() []Probe {
	shifted := func(by time.Duration) func(*exchange) { return func(x *exchange) { x.shift = by } }
	noRegion := func(x *exchange) { x.region = "" }
	unknownAction := func(x *exchange) { x.action = "NoSuchAction" }
	return []Probe{
		{
			ID: 1, Fact: "Order of the checks: action, time, key, region, names, required, ranges", Steps: []step{
				raw("action before time", unsigned, unknownAction, shifted(-10*time.Minute)),
				raw("time before key", unknownKey, shifted(-10*time.Minute)),
				raw("key before region", unknownKey, noRegion),
				raw("region before parameters", noRegion, func(x *exchange) { x.body = []byte(`{}`) }),
				describe("names before types", with("Unknown", 1), with("SdkAppId", "1")),
				describe("required before ranges", with("SdkAppId", 0), without("TaskId")),
			},
			Assumed: Observation{
				"action before time": "InvalidAction", "time before key": "AuthFailure.SignatureExpire",
				"key before region": "AuthFailure.SecretIdNotFound", "region before parameters": "MissingParameter",
				"names before types": "UnknownParameter", "required before ranges": "MissingParameter.TaskId",
			},
		},
		{
			ID: 2, Fact: "InvalidAction and NoSuchVersion come before authentication", Steps: []step{
				raw("action", unsigned, unknownAction),
				raw("version", unsigned, func(x *exchange) { x.version = "2000-01-01" }),
				raw("no version", unsigned, func(x *exchange) { x.version = "" }),
			},
			Assumed: Observation{"action": "InvalidAction", "version": "NoSuchVersion", "no version": "MissingParameter"},
		},
		{
			ID: 3, Fact: "Only POST, path / and application/json; errors have HTTP status 200; at most 10 MiB", Steps: []step{
				rawStatus("GET", func(x *exchange) { x.method = "GET" }),
				rawStatus("path", func(x *exchange) { x.path = "/x" }),
				rawStatus("query", func(x *exchange) { x.path = "/?x=1" }),
				rawStatus("charset", func(x *exchange) { x.contentType = "application/json; charset=utf-8" }),
				rawStatus("size", func(x *exchange) { x.body = make([]byte, uploadBytes) }),
			},
			Assumed: Observation{
				"GET": "UnsupportedProtocol", "GET_status": "HTTP 200", "path": "InvalidRequest", "path_status": "HTTP 200",
				"query": "InvalidRequest", "query_status": "HTTP 200", "charset": "InvalidRequest", "charset_status": "HTTP 200",
				"size": "RequestSizeLimitExceeded", "size_status": "HTTP 200",
			},
		},
		{
			ID: 4, Fact: "X-TC-RequestClient may have a colon, but no slash", Steps: []step{
				raw("colon", func(x *exchange) { x.requestClient = "SDK_NODEJS:4.0" }),
				raw("slash", func(x *exchange) { x.requestClient = "terraform/1.0" }),
			},
			Assumed: Observation{"colon": notExist, "slash": "InvalidParameter"},
		},
		{
			ID: 5, Fact: "Unknown key: SecretIdNotFound; no authorization: InvalidAuthorization", Steps: []step{
				raw("unknown key", unknownKey), raw("no header", unsigned),
				raw("malformed header", unsigned, func(x *exchange) { x.authorization = "Bearer x" }),
			},
			Assumed: Observation{
				"unknown key": "AuthFailure.SecretIdNotFound", "no header": "AuthFailure.InvalidAuthorization",
				"malformed header": "AuthFailure.InvalidAuthorization",
			},
		},
		{
			ID: 6, Fact: "Wrong key, date or service in the signature: SignatureFailure", Steps: []step{
				raw("key", func(x *exchange) { x.secretKey = "bogus" }), raw("date", func(x *exchange) { x.date = "2000-01-01" }),
				raw("service", func(x *exchange) { x.service = "cvm" }),
			},
			Assumed: Observation{"key": "AuthFailure.SignatureFailure", "date": "AuthFailure.SignatureFailure", "service": "AuthFailure.SignatureFailure"},
		},
		{
			ID: 7, Fact: "A timestamp may be off by 300 seconds, which is checked before the key", Steps: []step{
				raw("290 s behind", shifted(-290*time.Second)), raw("290 s ahead", shifted(290*time.Second)),
				raw("310 s behind", shifted(-310*time.Second)), raw("310 s ahead", shifted(310*time.Second)),
				raw("unknown key", unknownKey, shifted(-310*time.Second)),
			},
			Assumed: Observation{
				"290 s behind": notExist, "290 s ahead": notExist, "310 s behind": "AuthFailure.SignatureExpire",
				"310 s ahead": "AuthFailure.SignatureExpire", "unknown key": "AuthFailure.SignatureExpire",
			},
		},
		{
			ID: 8, Fact: "A token with a permanent key: TokenFailure", Needs: "a permanent key",
			Steps:   []step{ifPermanentKey(raw("token", func(x *exchange) { x.token = "bogus" }))},
			Assumed: Observation{"token": "AuthFailure.TokenFailure"},
		},
		{
			ID: 9, Fact: "No region: MissingParameter; unknown region, or one without stream ingest: UnsupportedRegion", Steps: []step{
				raw("absent", noRegion), inRegion("nonsense", "nowhere"), inRegion("elsewhere", "na-ashburn"),
			},
			Assumed: Observation{"absent": "MissingParameter", "nonsense": "UnsupportedRegion", "elsewhere": "UnsupportedRegion"},
		},
		{
			ID: 10, Fact: "Describe and Stop are served in every region of Start", Steps: []step{inEveryRegion},
			International: everyRegion(false), China: everyRegion(true),
		},
		{
			ID: 11, Fact: "An absent parameter: MissingParameter.X where the reference lists it, else MissingParameter", Steps: []step{
				rejectedStart("start SdkAppId", without("SdkAppId")), rejectedStart("start RoomIdType", without("RoomIdType")),
				rejectedStart("start RoomId", without("RoomId")), rejectedStart("start UserId", without("UserId")),
				rejectedStart("start UserSig", without("UserSig")),
				describe("describe SdkAppId", without("SdkAppId")), describe("describe TaskId", without("TaskId")),
				update("update SdkAppId", without("SdkAppId")), update("update TaskId", without("TaskId")),
				stop("stop SdkAppId", without("SdkAppId")), stop("stop TaskId", without("TaskId")),
			},
			Assumed: Observation{
				"start SdkAppId": "MissingParameter.SdkAppId", "start RoomIdType": "MissingParameter",
				"start RoomId": "MissingParameter.RoomId", "start UserId": "MissingParameter", "start UserSig": "MissingParameter",
				"describe SdkAppId": "MissingParameter.SdkAppId", "describe TaskId": "MissingParameter.TaskId",
				"update SdkAppId": "MissingParameter.SdkAppId", "update TaskId": "MissingParameter.TaskId",
				"stop SdkAppId": "MissingParameter.SdkAppId", "stop TaskId": "MissingParameter.TaskId",
			},
		},
		{
			ID: 12, Fact: "Zero or empty: InvalidParameter.X", Steps: []step{
				describe("SdkAppId", with("SdkAppId", 0)), describe("TaskId", with("TaskId", "")),
				rejectedStart("integer room", with("RoomId", ""), with("RoomIdType", 1)), rejectedStart("string room", with("RoomId", "")),
				rejectedStart("UserId", with("UserId", "")), rejectedStart("UserSig", with("UserSig", "")), rejectedStart("StreamUrl", with("StreamUrl", "")),
			},
			Assumed: Observation{
				"SdkAppId": "InvalidParameter.SdkAppId", "TaskId": "InvalidParameter.TaskId", "integer room": "InvalidParameter.RoomId",
				"string room": "InvalidParameter.StrRoomId", "UserId": "InvalidParameter.UserId", "UserSig": "InvalidParameter.UserSig",
				"StreamUrl": "InvalidParameter.StreamUrl",
			},
		},
		{
			ID: 13, Fact: "Wrong type or no object: BodyParamsError of Start and Stop, InvalidParameter of the others", Steps: []step{
				rejectedStart("start text", with("SdkAppId", "1")), stop("stop text", with("SdkAppId", "1")),
				describe("describe text", with("SdkAppId", "1")), update("update text", with("SdkAppId", "1")),
				encoded("describe array", actionDescribe, []int{}), encoded("stop array", actionStop, []int{}),
				raw("describe broken", func(x *exchange) { x.body = []byte("{") }),
				raw("stop broken", func(x *exchange) { x.action, x.body = actionStop, []byte("{") }),
			},
			Assumed: Observation{
				"start text": "InvalidParameter.BodyParamsError", "stop text": "InvalidParameter.BodyParamsError",
				"describe text": "InvalidParameter", "update text": "InvalidParameter", "describe array": "InvalidParameter",
				"stop array": "InvalidParameter.BodyParamsError", "describe broken": "InvalidParameter",
				"stop broken": "InvalidParameter.BodyParamsError",
			},
		},
		{
			ID: 14, Fact: "null is a value of the wrong type", Steps: []step{
				rejectedStart("start", with("Volume", nil)), update("update", with("Volume", nil)),
			},
			Assumed: Observation{"start": "InvalidParameter.BodyParamsError", "update": "InvalidParameter"},
		},
		{
			ID: 15, Fact: "Other names: UnknownParameter; Start still takes SourceUrl", Steps: []step{
				describe("describe", with("Unknown", 1)), stop("stop", with("Unknown", 1)), rejectedStart("start", with("Unknown", 1)),
				update("update SourceUrl", with("SourceUrl", []string{"http://tf-live.invalid/a.mp3"})),
				rejectedStart("start SourceUrl", without("StreamUrl"), with("SourceUrl", []string{"http://tf-live.invalid/a.mp3"})),
			},
			Assumed: Observation{
				"describe": "UnknownParameter", "stop": "UnknownParameter", "start": "UnknownParameter",
				"update SourceUrl": "UnknownParameter", "start SourceUrl": "InvalidParameter.UserSig",
			},
		},
		{
			ID: 16, Fact: "Tempo, EnableProgress, IdleTimeout and a Volume above 100 exist on the China site only", Steps: []step{
				rejectedStart("start Tempo", with("Tempo", 1.5)), rejectedStart("start EnableProgress", with("EnableProgress", true)),
				rejectedStart("start IdleTimeout", with("IdleTimeout", 60)), rejectedStart("start Volume", with("Volume", 101)),
				update("update Tempo", with("Tempo", 1.5)), update("update EnableProgress", with("EnableProgress", true)),
			},
			International: Observation{
				"start Tempo": "UnknownParameter", "start EnableProgress": "UnknownParameter", "start IdleTimeout": "UnknownParameter",
				"start Volume": "InvalidParameterValue", "update Tempo": "UnknownParameter", "update EnableProgress": "UnknownParameter",
			},
			China: Observation{
				"start Tempo": "InvalidParameter.UserSig", "start EnableProgress": "InvalidParameter.UserSig",
				"start IdleTimeout": "InvalidParameter.UserSig", "start Volume": "InvalidParameter.UserSig",
				"update Tempo": "FailedOperation.TaskNotExist", "update EnableProgress": "FailedOperation.TaskNotExist",
			},
		},
		{
			ID: 17, Fact: "Whether an application is the caller's is not checked; SdkAppId has 32 bits", Steps: []step{
				describe("1"), describe("2^32-1", with("SdkAppId", uint64(1<<32-1))), describe("2^32", with("SdkAppId", uint64(1<<32))),
				rejectedStart("start 2^32-1", with("SdkAppId", uint64(1<<32-1))),
			},
			Assumed: Observation{
				"1": notExist, "2^32-1": notExist, "2^32": "InvalidParameter.SdkAppId", "start 2^32-1": "InvalidParameter.UserSig",
			},
		},
		{
			ID: 18, Fact: "Describe of a task that does not exist: NotExist", Steps: shapes(describe),
			Assumed: Observation{"short": notExist, "well-formed": notExist},
		},
		{
			ID: 19, Fact: "Update of a task that does not exist: TaskNotExist", Steps: append(shapes(update),
				update("volume", with("Volume", 50)), update("pause", with("IsPause", true))),
			Assumed: Observation{
				"short": "FailedOperation.TaskNotExist", "well-formed": "FailedOperation.TaskNotExist",
				"volume": "FailedOperation.TaskNotExist", "pause": "FailedOperation.TaskNotExist",
			},
		},
		{
			ID: 20, Fact: "Stop of a task that does not exist: TaskFinished", Steps: shapes(stop),
			Assumed: Observation{"short": "FailedOperation.TaskFinished", "well-formed": "FailedOperation.TaskFinished"},
		},
		{
			ID: 21, Fact: "Parameters are checked before tickets", Steps: []step{
				rejectedStart("ticket alone"), rejectedStart("Volume", with("Volume", 1000)), rejectedStart("StreamUrl", with("StreamUrl", unknownScheme)),
			},
			Assumed: Observation{
				"ticket alone": "InvalidParameter.UserSig", "Volume": "InvalidParameterValue", "StreamUrl": "InvalidParameter.StreamUrl",
			},
		},
		{
			ID: 23, Fact: "STS: codes of an unknown and of a malformed role; a region is required", Needs: "TENCENTCLOUD_STS_ENDPOINT, because TENCENTCLOUD_TRTC_ENDPOINT is set", Steps: []step{
				assume("unknown role", "ap-singapore", "qcs::cam::uin/1:roleName/tf-live-no-such-role"),
				assume("malformed role", "ap-singapore", "tf-live"),
				assume("no region", "", "qcs::cam::uin/1:roleName/tf-live-no-such-role"),
			},
			Assumed: Observation{
				"unknown role": "ResourceNotFound.RoleNotFound", "malformed role": "InvalidParameter.ParamError", "no region": "MissingParameter",
			},
		},
	}
}

func everyRegion(china bool) Observation {
	all := Observation{}
	for _, region := range regionsOf(china) {
		maps.Copy(all, Observation{"describe " + region: notExist, "stop " + region: "FailedOperation.TaskFinished"})
	}
	return all
}

// shapes calls an action for a short TaskId and for one of the usual form.
func shapes(action func(string, ...edit) step) []step {
	const wellFormed = "tfliveAAAAAAAAAAAA+BBBBBBBBBBBBBBBB-CCCCCCCCCCCCCCCC.DDDDDDDDDDDDDDDD_EEEEEEEEEEEEEE"
	return []step{action("short", with("TaskId", "1234")), action("well-formed", with("TaskId", wellFormed))}
}
