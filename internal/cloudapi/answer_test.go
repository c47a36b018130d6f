package cloudapi_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// answers are bodies and what becomes of a call that they answer.
var answers = map[string]struct {
	status  int // 0 is 200
	body    string
	outcome cloudapi.Outcome
	reason  cloudapi.Reason // when ambiguous
	code    string          // when refused
}{
	"success":                      {body: goodAnswer, outcome: cloudapi.Answered},
	"white space around":           {body: " \r\n\t" + goodAnswer + "\n", outcome: cloudapi.Answered},
	"null error":                   {body: `{"Response":{"Error":null,"TaskId":"t","RequestId":"r"}}`, outcome: cloudapi.Answered},
	"duplicate field":              {body: `{"Response":{"TaskId":"a","TaskId":"b","RequestId":"r"}}`, outcome: cloudapi.Answered},
	"extra fields":                 {body: `{"a":1,"Response":{"TaskId":"a","b":{"c":[]}}}`, outcome: cloudapi.Answered},
	"code":                         {body: refusal("FailedOperation.TaskExist"), outcome: cloudapi.Refused, code: "FailedOperation.TaskExist"},
	"code with status 500":         {status: 500, body: refusal("InternalError"), outcome: cloudapi.Refused, code: "InternalError"},
	"code beside a TaskId":         {body: `{"Response":{"Error":{"Code":"X.Y"},"TaskId":"t"}}`, outcome: cloudapi.Refused, code: "X.Y"},
	"code of 128 bytes":            {body: refusal(strings.Repeat("a", 128)), outcome: cloudapi.Refused, code: strings.Repeat("a", 128)},
	"code of 129 bytes":            {body: refusal(strings.Repeat("a", 129)), reason: cloudapi.Unreadable},
	"code with a line break":       {body: refusal(`a\nb`), reason: cloudapi.Unreadable},
	"code that is a number":        {body: `{"Response":{"Error":{"Code":1}}}`, reason: cloudapi.Unreadable},
	"error without code":           {body: `{"Response":{"Error":{"Message":"m"},"TaskId":"t","RequestId":"r"}}`, reason: cloudapi.Unreadable},
	"error that is empty":          {body: `{"Response":{"Error":{},"TaskId":"t"}}`, reason: cloudapi.Unreadable},
	"error that is a text":         {body: `{"Response":{"Error":"e","TaskId":"t"}}`, reason: cloudapi.Unreadable},
	"success with status 500":      {status: 500, body: goodAnswer, reason: cloudapi.BadStatus},
	"success with status 201":      {status: 201, body: goodAnswer, reason: cloudapi.BadStatus},
	"no body with status 204":      {status: 204, reason: cloudapi.BadStatus},
	"page with status 502":         {status: 502, body: "<html>" + canaryBody, reason: cloudapi.BadStatus},
	"empty":                        {body: "", reason: cloudapi.Unreadable},
	"null":                         {body: "null", reason: cloudapi.Unreadable},
	"list":                         {body: "[]", reason: cloudapi.Unreadable},
	"text":                         {body: `"` + canaryBody + `"`, reason: cloudapi.Unreadable},
	"number":                       {body: "1e999", reason: cloudapi.Unreadable},
	"object":                       {body: "{}", reason: cloudapi.Unreadable},
	"response that is null":        {body: `{"Response":null}`, reason: cloudapi.Unreadable},
	"response that is a list":      {body: `{"Response":[]}`, reason: cloudapi.Unreadable},
	"response that is empty":       {body: `{"Response":{}}`, reason: cloudapi.Unreadable},
	"TaskId that is a number":      {body: `{"Response":{"TaskId":1}}`, reason: cloudapi.Unreadable},
	"TaskId that is not UTF-8":     {body: "{\"Response\":{\"TaskId\":\"\xff\"}}", reason: cloudapi.Unreadable},
	"RequestId that is an object":  {body: `{"Response":{"TaskId":"t","RequestId":{}}}`, reason: cloudapi.Unreadable},
	"cut short":                    {body: goodAnswer[:len(goodAnswer)-2], reason: cloudapi.Unreadable},
	"garbage behind":               {body: goodAnswer + canaryBody, reason: cloudapi.Unreadable},
	"byte order mark":              {body: "\ufeff" + goodAnswer, reason: cloudapi.Unreadable},
	"nested too deeply":            {body: strings.Repeat(`{"Response":`, 20000), reason: cloudapi.Unreadable},
	"as large as is read":          {body: goodAnswer + strings.Repeat(" ", cloudapi.MaxBodyBytes-len(goodAnswer)), outcome: cloudapi.Answered},
	"one byte larger than is read": {body: goodAnswer + strings.Repeat(" ", cloudapi.MaxBodyBytes-len(goodAnswer)+1), reason: cloudapi.TooLarge},
}

func refusal(code string) string {
	return `{"Response":{"Error":{"Code":"` + code + `","Message":"Because."},"RequestId":"6c924bfe-1e6b-4bc3-9b93-000000000002"}}`
}

func TestAnswerHasOneOutcome(t *testing.T) {
	t.Parallel()
	for name, c := range answers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, want := c.status, c.outcome
			if status == 0 {
				status = http.StatusOK
			}
			if want == cloudapi.NotSent {
				want = cloudapi.Ambiguous
			}
			var kept journal
			_, err := inMemory(answering(t, &kept, status, c.body)).Call(t.Context(), permanentKey(), start(), &taskAnswer{})
			if got := outcomeOf(err); got != want {
				t.Fatalf("outcome = %v, want %v: %v", got, want, err)
			}
			if err == nil {
				return
			}
			var failed *cloudapi.ExchangeError
			if errors.As(err, &failed) && (failed.Reason != c.reason || failed.Status != status || failed.Action != "StartStreamIngest") {
				t.Errorf("error = %+v, want reason %v and status %d", failed, c.reason, status)
			}
			var refused *cloudapi.APIError
			if errors.As(err, &refused) && (refused.Code != c.code || refused.Action != "StartStreamIngest") {
				t.Errorf("error = %+v, want code %s", refused, c.code)
			}
			if text := err.Error(); strings.Contains(text, canaryBody) || len(text) > 1<<10 {
				t.Errorf("the error quotes the body, or too much: %.200s", text)
			}
		})
	}
}

func TestRequestIDIsReturned(t *testing.T) {
	t.Parallel()
	const valid = "6c924bfe-1e6b-4bc3-9b93-000000000003"
	cases := map[string]struct{ body, requestID string }{
		"success":                {body: `{"Response":{"TaskId":"t","RequestId":"` + valid + `"}}`, requestID: valid},
		"refusal":                {body: `{"Response":{"Error":{"Code":"X"},"RequestId":"` + valid + `"}}`, requestID: valid},
		"success without fields": {body: `{"Response":{"RequestId":"` + valid + `"}}`, requestID: valid},
		"none":                   {body: `{"Response":{"Error":{"Code":"X"}}}`},
		"of another form":        {body: `{"Response":{"TaskId":"t","RequestId":"req_7/é"}}`, requestID: "req_7/é"},
		"with a line break":      {body: `{"Response":{"Error":{"Code":"X"},"RequestId":"a\nb\u202e"}}`, requestID: "a b"},
		"endless":                {body: `{"Response":{"Error":{"Code":"X"},"RequestId":"` + strings.Repeat("a", 37) + `"}}`, requestID: "(redacted)"},
		"endless success":        {body: `{"Response":{"TaskId":"t","RequestId":"` + strings.Repeat("a", 37) + `"}}`, requestID: "(redacted)"},
		"with a secret":          {body: `{"Response":{"TaskId":"t","RequestId":"` + canaryKey + `"}}`, requestID: "(redacted)"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var kept journal
			requestID, err := inMemory(answering(t, &kept, http.StatusOK, c.body)).Call(t.Context(), permanentKey(), start(), &taskAnswer{})
			if requestID != c.requestID {
				t.Errorf("RequestId = %q, want %q", requestID, c.requestID)
			}
			var failed *cloudapi.ExchangeError
			if errors.As(err, &failed) && failed.RequestID != c.requestID {
				t.Errorf("RequestId of the error = %q, want %q", failed.RequestID, c.requestID)
			}
			var refused *cloudapi.APIError
			if errors.As(err, &refused) && strings.Contains(err.Error(), "RequestId") != (c.requestID != "") {
				t.Errorf("error = %q, want the RequestId named when there is one", err)
			}
		})
	}
}

// TestAnswerWithoutDemands decodes into an output that is content with
// anything.
func TestAnswerWithoutDemands(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]cloudapi.Outcome{
		`{"Response":{}}`:             cloudapi.Answered,
		`{"Response":null}`:           cloudapi.Ambiguous,
		`{"Response":[]}`:             cloudapi.Ambiguous,
		`{}`:                          cloudapi.Ambiguous,
		`{"Response":{"TaskId":"t"}}`: cloudapi.Answered,
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			var kept journal
			var out struct{}
			_, err := inMemory(answering(t, &kept, http.StatusOK, body)).Call(t.Context(), permanentKey(), start(), &out)
			if got := outcomeOf(err); got != want {
				t.Errorf("outcome = %v, want %v: %v", got, want, err)
			}
		})
	}
}
