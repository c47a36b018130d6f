package trtcmock

import (
	"encoding/json"
	"maps"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
)

const (
	roomIDTypeString  = 0
	roomIDTypeInteger = 1
)

var (
	userIDForm     = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,32}$`)
	stringRoomForm = regexp.MustCompile(`^[a-zA-Z0-9 !#$%&()+\-:;<=.>?@\[\]^_{}|~,]{1,64}$`)
)

// site has the differences between the international and the China site.
type site struct {
	regions   []string
	maxVolume uint64
	// startExtras and updateExtras are parameters that only this site has.
	startExtras, updateExtras []parameter
}

// Assumption: probe 16.
func internationalSite() site {
	return site{
		regions:   []string{"ap-bangkok", "ap-guangzhou", "ap-jakarta", "ap-mumbai", "ap-singapore", "ap-tokyo"},
		maxVolume: 100,
	}
}

func chinaSite() site {
	progress := parameter{name: "EnableProgress", parse: as[bool]}
	tempo := parameter{name: "Tempo", parse: as[float64], check: checkTempo}
	return site{
		regions:      []string{"ap-beijing", "ap-chongqing", "ap-guangzhou", "ap-shanghai", "ap-singapore"},
		maxVolume:    200,
		startExtras:  []parameter{progress, tempo, number[uint64]("IdleTimeout", 0, 600, codeInvalidValue, "")},
		updateExtras: []parameter{progress, tempo},
	}
}

// checkRegion accepts the regions of Start for all actions: on the international
// site the reference lists fewer for Describe and Stop, but a task that was
// started in ap-tokyo must be stoppable.
//
// Assumption: probe 10.
func (s site) checkRegion(region string) error {
	if !slices.Contains(s.regions, region) {
		return apiErrorf("UnsupportedRegion", "The region is not one of %q.", s.regions)
	}
	return nil
}

// parameter is one row of an action's parameter table.
type parameter struct {
	name string
	// parse returns the value as the type that the reference gives it.
	parse func(json.RawMessage) (any, bool)
	// missing is the error code if the parameter is absent; empty: optional.
	missing string
	// check validates the value if the parameter was sent; nil: any value.
	check func(values) error
}

// startParameters lists the parameters in the order in which they are checked.
//
// Assumption: probe 11.
func startParameters(s site) []parameter {
	return append([]parameter{
		number[uint64]("SdkAppId", 1, math.MaxUint32, "InvalidParameter.SdkAppId", "MissingParameter.SdkAppId"),
		// Assumption: probe 26.
		number[uint64]("RoomIdType", roomIDTypeString, roomIDTypeInteger, codeInvalidValue, codeMissingParameter),
		{name: "RoomId", parse: as[string], missing: "MissingParameter.RoomId", check: checkRoom},
		{name: "UserId", parse: as[string], missing: codeMissingParameter, check: checkUserID},
		{name: "UserSig", parse: as[string], missing: codeMissingParameter}, // checked after all other parameters
		// Assumption: probe 29.
		{name: "StreamUrl", parse: as[string], check: checkStreamURL},
		{name: "PrivateMapKey", parse: as[string]},
		// Assumption: probe 30.
		number[int64]("SeekSecond", 0, math.MaxInt64, codeInvalidValue, ""),
		{name: "AutoPush", parse: as[bool]},
		{name: "RepeatNum", parse: as[int64], check: checkRepeatNum},
		number[int64]("MaxDuration", 1, 10080, codeInvalidValue, ""),
		number("Volume", 0, s.maxVolume, codeInvalidValue, ""),
		// Deprecated, but still in the reference: SourceUrl is the old form of
		// StreamUrl, the other two have no effect.
		{name: "SourceUrl", parse: as[[]string], check: checkSourceURL},
		{name: "VideoEncodeParams", parse: as[map[string]any]},
		{name: "AudioEncodeParams", parse: as[map[string]any]},
	}, s.startExtras...)
}

func existingTaskParameters(extras ...parameter) []parameter {
	return append([]parameter{
		number[uint64]("SdkAppId", 1, math.MaxUint32, "InvalidParameter.SdkAppId", "MissingParameter.SdkAppId"),
		{name: "TaskId", parse: as[string], missing: "MissingParameter.TaskId", check: func(params values) error {
			if valueOf(params, "TaskId", "") == "" {
				return apiErrorf("InvalidParameter.TaskId", "TaskId must not be empty.")
			}
			return nil
		}},
	}, extras...)
}

func updateParameters(s site) []parameter {
	return existingTaskParameters(append([]parameter{
		{name: "StreamUrl", parse: as[string], check: checkStreamURL},
		number("Volume", 0, s.maxVolume, codeInvalidValue, ""),
		{name: "IsPause", parse: as[bool]},
	}, s.updateExtras...)...)
}

// as parses a JSON value. A null is not a value of any type.
//
// Assumption: probe 14.
func as[T any](raw json.RawMessage) (any, bool) {
	var value T
	err := json.Unmarshal(raw, &value)
	return value, err == nil && string(raw) != "null"
}

// number returns the row of a whole number from low to high.
//
// Assumption: probe 12.
func number[T int64 | uint64](name string, low, high T, invalid, missing string) parameter {
	return parameter{name: name, parse: as[T], missing: missing, check: func(params values) error {
		if n := valueOf(params, name, low); n < low || n > high {
			return apiErrorf(invalid, "%s must be from %d to %d.", name, low, high)
		}
		return nil
	}}
}

// values are the parameters of one request, each of its declared type.
type values map[string]any

func (params values) has(name string) bool { _, ok := params[name]; return ok }

// valueOf returns a parameter, or fallback if it was not sent.
func valueOf[T any](params values, name string, fallback T) T {
	if value, ok := params[name].(T); ok {
		return value
	}
	return fallback
}

// pointerTo returns a parameter, or nil if it was not sent.
func pointerTo[T any](params values, name string) *T {
	if value, ok := params[name].(T); ok {
		return &value
	}
	return nil
}

// parseParameters reads a body and checks, in this order: JSON, names, types,
// required parameters, ranges. A body with the wrong form or types is rejected with
// the code malformed.
func parseParameters(body []byte, table []parameter, malformed string) (values, error) {
	var sent map[string]json.RawMessage
	if err := json.Unmarshal(body, &sent); err != nil || sent == nil {
		return nil, apiErrorf(malformed, "The request body is not a JSON object.")
	}
	// Assumption: probe 15.
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		if !slices.ContainsFunc(table, func(p parameter) bool { return p.name == name }) {
			return nil, apiErrorf("UnknownParameter", "The parameter %q is not recognized.", name)
		}
	}
	parsed := values{}
	for _, p := range table {
		raw, ok := sent[p.name]
		if !ok {
			continue
		}
		// Assumption: probe 13.
		if parsed[p.name], ok = p.parse(raw); !ok {
			return nil, apiErrorf(malformed, "The parameter %s is not of the documented type.", p.name)
		}
	}
	for _, p := range table {
		if p.missing != "" && !parsed.has(p.name) {
			return nil, apiErrorf(p.missing, "The parameter %s is missing.", p.name)
		}
	}
	for _, p := range table {
		if p.check != nil && parsed.has(p.name) {
			if err := p.check(parsed); err != nil {
				return nil, err
			}
		}
	}
	return parsed, nil
}

// checkRoom accepts one spelling of each integer room, since two spellings would
// be two rooms.
//
// Assumption: probe 27.
func checkRoom(params values) error {
	room := valueOf(params, "RoomId", "")
	if valueOf[uint64](params, "RoomIdType", roomIDTypeInteger) == roomIDTypeString {
		if !stringRoomForm.MatchString(room) {
			return apiErrorf("InvalidParameter.StrRoomId", "RoomId must be 1 to 64 bytes of the characters of string rooms.")
		}
		return nil
	}
	n, err := strconv.ParseUint(room, 10, 32)
	if err != nil || n == 0 || strconv.FormatUint(n, 10) != room {
		return apiErrorf("InvalidParameter.RoomId", "RoomId must be a decimal number from 1 to %d.", uint32(math.MaxUint32))
	}
	return nil
}

// Assumption: probe 28.
func checkUserID(params values) error {
	if !userIDForm.MatchString(valueOf(params, "UserId", "")) {
		return apiErrorf("InvalidParameter.UserId", "UserId must be 1 to 32 bytes of a-z, A-Z, 0-9, _ and -.")
	}
	return nil
}

func checkStreamURL(params values) error {
	return checkURL("StreamUrl", valueOf(params, "StreamUrl", ""))
}

func checkSourceURL(params values) error {
	for _, source := range valueOf[[]string](params, "SourceUrl", nil) {
		if err := checkURL("SourceUrl", source); err != nil {
			return err
		}
	}
	return nil
}

func checkURL(name, text string) error {
	schemes := []string{"http", "https", "rtmp"}
	parsed, err := url.Parse(text)
	if err != nil || parsed.Hostname() == "" || !slices.Contains(schemes, parsed.Scheme) {
		return apiErrorf("InvalidParameter.StreamUrl", "%s must be an absolute URL of %q with a host.", name, schemes)
	}
	return nil
}

func checkRepeatNum(params values) error {
	if n := valueOf[int64](params, "RepeatNum", 1); n < -1 || n == 0 || n > 1000 {
		return apiErrorf(codeInvalidValue, "RepeatNum must be -1 or from 1 to 1000.")
	}
	return nil
}

func checkTempo(params values) error {
	tempos := []float64{0.5, 0.75, 1, 1.25, 1.5, 1.75, 2}
	if !slices.Contains(tempos, valueOf(params, "Tempo", 1.0)) {
		return apiErrorf(codeInvalidValue, "Tempo must be one of %v.", tempos)
	}
	return nil
}
