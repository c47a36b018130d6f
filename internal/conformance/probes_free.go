package conformance

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	unknownScheme = "ftp://tf-live.invalid/audio.mp3"
	// invalidSignature is the code of all faults of a signature.
	invalidSignature = "AuthFailure.SignatureFailure"
	clockSkew        = "AuthFailure.SignatureExpire"
	taskNotExist     = "FailedOperation.TaskNotExist"
	taskFinished     = "FailedOperation.TaskFinished"
	badUserSig       = "InvalidParameter.UserSig"
	badBody          = "InvalidParameter.BodyParamsError"
)

// freeProbes returns those of tier 0: credentials only, no task on purpose.
func freeProbes() []Probe {
	off := func(by time.Duration) func(*rawCall) { return func(x *rawCall) { x.shift = by } }
	noRegion := func(x *rawCall) { x.request.Region = "" }
	unknownAction := func(x *rawCall) { x.request.Action = "NoSuchAction" }
	sent := func(action, body string) func(*rawCall) {
		return func(x *rawCall) { x.request.Action, x.request.Parameters = action, json.RawMessage(body) }
	}
	header := func(name, value string) func(*rawCall) {
		return edited(func(message *http.Request) { message.Header.Set(name, value) })
	}
	return []Probe{
		{ID: 1, Fact: "Order of the checks: action, time, key, region, names, required, ranges", Cases: []Case{
			expect("action before time", "InvalidAction", raw(unsigned, unknownAction, off(-10*time.Minute))),
			expect("time before key", clockSkew, raw(unknownKey, off(-10*time.Minute))),
			expect("key before region", "AuthFailure.SecretIdNotFound", raw(unknownKey, noRegion)),
			expect("region before parameters", "MissingParameter", raw(noRegion, sent(actionDescribe, "{}"))),
			expect("names before types", "UnknownParameter", describe(with("Unknown", 1), with("SdkAppId", "1"))),
			expect("required before ranges", "MissingParameter.TaskId", describe(with("SdkAppId", 0), without("TaskId"))),
		}},
		{ID: 2, Fact: "InvalidAction and NoSuchVersion come before authentication", Cases: []Case{
			expect("action", "InvalidAction", raw(unsigned, unknownAction)),
			expect("version", "NoSuchVersion", raw(unsigned, func(x *rawCall) { x.request.Version = "2000-01-01" })),
			expect("no version", "MissingParameter", raw(unsigned, edited(func(message *http.Request) { message.Header.Del("X-TC-Version") }))),
		}},
		{ID: 3, Fact: "Only POST, path / and application/json; errors have HTTP status 200; at most 10 MiB", Cases: []Case{
			expect("GET", "UnsupportedProtocol", raw(unsigned, edited(func(message *http.Request) { message.Method = http.MethodGet }))),
			expect("path", "InvalidRequest", raw(unsigned, edited(func(message *http.Request) { message.URL.Path = "/x" }))),
			expect("query", "InvalidRequest", raw(unsigned, edited(func(message *http.Request) { message.URL.RawQuery = "x=1" }))),
			expect("charset", "InvalidRequest", raw(unsigned, header("Content-Type", "application/json; charset=utf-8"))),
			expect("size", "RequestSizeLimitExceeded", raw(unsigned, edited(tooLarge))),
		}},
		{ID: 4, Fact: "X-TC-RequestClient may have a colon, but no slash", Cases: []Case{
			expect("colon", notExist, raw(header("X-TC-RequestClient", "SDK_NODEJS:4.0"))),
			expect("slash", "InvalidParameter", raw(header("X-TC-RequestClient", "terraform/1.0"))),
		}},
		{ID: 5, Fact: "Unknown key: SecretIdNotFound; no authorization: InvalidAuthorization", Cases: []Case{
			expect("unknown key", "AuthFailure.SecretIdNotFound", raw(unknownKey)),
			expect("no header", "AuthFailure.InvalidAuthorization", raw(unsigned)),
			expect("malformed header", "AuthFailure.InvalidAuthorization", raw(unsigned, header("Authorization", "Bearer x"))),
		}},
		{ID: 6, Fact: "Wrong key, date or service in the signature: SignatureFailure", Cases: []Case{
			expect("key", invalidSignature, raw(func(x *rawCall) { x.credential.SecretKey = secret.New("bogus") })),
			expect("date", invalidSignature, raw(edited(func(message *http.Request) {
				message.Header.Set("Authorization", regexp.MustCompile(`/\d{4}-\d{2}-\d{2}/`).ReplaceAllString(message.Header.Get("Authorization"), "/2000-01-01/"))
			}))),
			expect("service", invalidSignature, raw(func(x *rawCall) { x.request.Service = "cvm" })),
		}},
		{ID: 7, Fact: "A timestamp may be off by 300 seconds, which is checked before the key", Cases: []Case{
			expect("290 s behind", notExist, raw(off(-290*time.Second))), expect("290 s ahead", notExist, raw(off(290*time.Second))),
			expect("310 s behind", clockSkew, raw(off(-310*time.Second))), expect("310 s ahead", clockSkew, raw(off(310*time.Second))),
			expect("unknown key", clockSkew, raw(unknownKey, off(-310*time.Second))),
		}},
		{ID: 8, Fact: "A token with a permanent key, or a wrong one with a temporary key: TokenFailure", Cases: []Case{
			expect("token", "AuthFailure.TokenFailure", raw(func(x *rawCall) { x.credential.Token = secret.New("bogus") })),
		}},
		{ID: 9, Fact: "No region: MissingParameter; unknown region, or one without stream ingest: UnsupportedRegion", Cases: []Case{
			expect("absent", "MissingParameter", raw(noRegion)),
			expect("nonsense", "UnsupportedRegion", inRegion(actionDescribe, "nowhere")),
			expect("elsewhere", "UnsupportedRegion", inRegion(actionDescribe, "na-ashburn")),
		}},
		{ID: 10, Fact: "Describe and Stop are served in every region of Start", Cases: everyRegion()},
		{ID: 11, Fact: "An absent parameter: MissingParameter.X where the reference lists it, else MissingParameter", Cases: []Case{
			expect("start SdkAppId", "MissingParameter.SdkAppId", rejectedStart(without("SdkAppId"))),
			expect("start RoomIdType", "MissingParameter", rejectedStart(without("RoomIdType"))),
			expect("start RoomId", "MissingParameter.RoomId", rejectedStart(without("RoomId"))),
			expect("start UserId", "MissingParameter", rejectedStart(without("UserId"))),
			expect("start UserSig", "MissingParameter", rejectedStart(without("UserSig"))),
			expect("describe SdkAppId", "MissingParameter.SdkAppId", describe(without("SdkAppId"))),
			expect("describe TaskId", "MissingParameter.TaskId", describe(without("TaskId"))),
			expect("update SdkAppId", "MissingParameter.SdkAppId", update(without("SdkAppId"))),
			expect("update TaskId", "MissingParameter.TaskId", update(without("TaskId"))),
			expect("stop SdkAppId", "MissingParameter.SdkAppId", stop(without("SdkAppId"))),
			expect("stop TaskId", "MissingParameter.TaskId", stop(without("TaskId"))),
		}},
		{ID: 12, Fact: "Zero or empty: InvalidParameter.X", Cases: []Case{
			expect("SdkAppId", "InvalidParameter.SdkAppId", describe(with("SdkAppId", 0))),
			expect("TaskId", "InvalidParameter.TaskId", describe(with("TaskId", ""))),
			expect("integer room", "InvalidParameter.RoomId", rejectedStart(with("RoomId", ""), with("RoomIdType", 1))),
			expect("string room", "InvalidParameter.StrRoomId", rejectedStart(with("RoomId", ""))),
			expect("UserId", "InvalidParameter.UserId", rejectedStart(with("UserId", ""))),
			expect("UserSig", badUserSig, rejectedStart(with("UserSig", ""))),
			expect("StreamUrl", "InvalidParameter.StreamUrl", rejectedStart(with("StreamUrl", ""))),
		}},
		{ID: 13, Fact: "Wrong type or no object: BodyParamsError of Start and Stop, InvalidParameter of the others", Cases: []Case{
			expect("start text", badBody, rejectedStart(with("SdkAppId", "1"))), expect("stop text", badBody, stop(with("SdkAppId", "1"))),
			expect("describe text", "InvalidParameter", describe(with("SdkAppId", "1"))),
			expect("update text", "InvalidParameter", update(with("SdkAppId", "1"))),
			expect("describe array", "InvalidParameter", raw(sent(actionDescribe, "[]"))), expect("stop array", badBody, raw(sent(actionStop, "[]"))),
		}},
		{ID: 14, Fact: "null is a value of the wrong type", Cases: []Case{
			expect("start", badBody, rejectedStart(with("Volume", nil))), expect("update", "InvalidParameter", update(with("Volume", nil))),
		}},
		{ID: 15, Fact: "Other names: UnknownParameter; Start still takes SourceUrl", Cases: []Case{
			expect("describe", "UnknownParameter", describe(with("Unknown", 1))), expect("stop", "UnknownParameter", stop(with("Unknown", 1))),
			expect("start", "UnknownParameter", rejectedStart(with("Unknown", 1))),
			expect("update SourceUrl", "UnknownParameter", update(with("SourceUrl", []string{"http://tf-live.invalid/a.mp3"}))),
			expect("start SourceUrl", badUserSig, rejectedStart(without("StreamUrl"), with("SourceUrl", []string{"http://tf-live.invalid/a.mp3"}))),
		}},
		{ID: 16, Fact: "Tempo, EnableProgress, IdleTimeout and a Volume above 100 exist on the China site only", Cases: []Case{
			{"start Tempo", "UnknownParameter", badUserSig, rejectedStart(with("Tempo", 1.5))},
			{"start EnableProgress", "UnknownParameter", badUserSig, rejectedStart(with("EnableProgress", true))},
			{"start IdleTimeout", "UnknownParameter", badUserSig, rejectedStart(with("IdleTimeout", 60))},
			{"start Volume", "InvalidParameterValue", badUserSig, rejectedStart(with("Volume", 101))},
			{"update Tempo", "UnknownParameter", taskNotExist, update(with("Tempo", 1.5))},
			{"update EnableProgress", "UnknownParameter", taskNotExist, update(with("EnableProgress", true))},
		}},
		{ID: 17, Fact: "Whether an application is the caller's is not checked; SdkAppId has 32 bits", Cases: []Case{
			expect("1", notExist, describe()), expect("2^32-1", notExist, describe(with("SdkAppId", uint64(1<<32-1)))),
			expect("2^32", "InvalidParameter.SdkAppId", describe(with("SdkAppId", uint64(1<<32)))),
			expect("start 2^32-1", badUserSig, rejectedStart(with("SdkAppId", uint64(1<<32-1)))),
		}},
		{ID: 18, Fact: "Describe of a task that does not exist: NotExist", Cases: shapes(notExist, describe)},
		{ID: 19, Fact: "Update of a task that does not exist: TaskNotExist", Cases: append(shapes(taskNotExist, update),
			expect("volume", taskNotExist, update(with("Volume", 50))), expect("pause", taskNotExist, update(with("IsPause", true))))},
		{ID: 20, Fact: "Stop of a task that does not exist: TaskFinished", Cases: shapes(taskFinished, stop)},
		{ID: 21, Fact: "Parameters are checked before tickets", Cases: []Case{
			expect("ticket alone", badUserSig, rejectedStart()),
			expect("Volume", "InvalidParameterValue", rejectedStart(with("Volume", 1000))),
			expect("StreamUrl", "InvalidParameter.StreamUrl", rejectedStart(with("StreamUrl", unknownScheme))),
		}},
	}
}

// tooLarge gives a message a body of one byte more than the largest of a signed
// request.
func tooLarge(message *http.Request) {
	body := make([]byte, 10<<20+1)
	message.Body, message.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

// everyRegion describes and stops a task that does not exist in each region of a
// site.
func everyRegion() []Case {
	var cases []Case
	for _, region := range regionsOf(false) {
		cases = append(cases, Case{"describe " + region, notExist, "", inRegion(actionDescribe, region)},
			Case{"stop " + region, taskFinished, "", inRegion(actionStop, region)})
	}
	for _, region := range regionsOf(true) {
		cases = append(cases, Case{"describe " + region, "", notExist, inRegion(actionDescribe, region)},
			Case{"stop " + region, "", taskFinished, inRegion(actionStop, region)})
	}
	return cases
}

// regionsOf returns the regions of a site.
func regionsOf(china bool) []string {
	if china {
		return []string{"ap-beijing", "ap-chongqing", "ap-guangzhou", "ap-shanghai", "ap-singapore"}
	}
	return []string{"ap-bangkok", "ap-guangzhou", "ap-jakarta", "ap-mumbai", "ap-singapore", "ap-tokyo"}
}

// shapes calls an action for a short TaskId and for one of the usual form.
func shapes(assumed string, action func(...edit) step) []Case {
	const wellFormed = "tfliveAAAAAAAAAAAA+BBBBBBBBBBBBBBBB-CCCCCCCCCCCCCCCC.DDDDDDDDDDDDDDDD_EEEEEEEEEEEEEE"
	return []Case{
		expect("short", assumed, action(with("TaskId", "1234"))), expect("well-formed", assumed, action(with("TaskId", wellFormed))),
	}
}
