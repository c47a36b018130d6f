package trtcmock

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// assumption is the form in which the code names the probe that can confirm or
// refute what it assumes.
var assumption = regexp.MustCompile(`(?m)^\s*// Assumption: probe (\d+)\.$`)

// probes are the live checks that concern the mock.
func probes() map[int]string {
	return map[int]string{
		1:  "order of the checks",
		2:  "InvalidAction and NoSuchVersion come before authentication",
		3:  "method, path, content type and size",
		4:  "characters of X-TC-RequestClient",
		5:  "SecretIdNotFound, InvalidAuthorization",
		6:  "wrong key, date, service: SignatureFailure",
		7:  "window of the timestamp, checked before the key",
		8:  "permanent key with a token: TokenFailure",
		9:  "codes of a missing and of an unknown region",
		10: "regions of Describe and Stop",
		11: "codes of missing parameters",
		12: "codes of zero and empty parameters",
		13: "codes of parameters of the wrong type",
		14: "null is refused",
		15: "unknown parameters, deprecated parameters",
		16: "parameters of the China site are unknown to the international one",
		17: "application of another account",
		18: "Describe of a made-up task",
		19: "Update of a made-up task",
		20: "Stop of a made-up task",
		21: "parameters are checked before tickets",
		23: "codes of STS",
		25: "UserSig is checked synchronously, with one code",
		26: "RoomIdType 1 is the integer room",
		27: "forms of RoomId",
		28: "form of UserId",
		29: "StreamUrl may be absent; schemes; reachability is not checked",
		30: "InvalidParameterValue for values out of range",
		31: "a new task is visible at once",
		32: "form of TaskId",
		33: "regions share tasks",
		34: "Update that changes nothing, repeated, or of a paused task",
		35: "a stopped task is NotExist at once",
		36: "codes for an ended task",
		37: "key of TaskExist, checked before the quota",
		38: "a parameter that Update omits keeps its value",
		39: "a task ends after its plays",
		40: "MaxDuration counts from Start",
		42: "codes of PrivateMapKey",
		43: "rate limit: window, key, refused requests",
		44: "quota: code, what counts",
		45: "refused calls did not run",
	}
}

func TestAssumptionsNameTheirProbes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("files %q: %v", files, err)
	}
	named := map[int]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(source)
		markers := assumption.FindAllStringSubmatch(text, -1)
		for _, marker := range markers {
			id, err := strconv.Atoi(marker[1])
			if err != nil || probes()[id] == "" {
				t.Errorf("%s: there is no probe %s for the mock", file, marker[1])
			}
			named[id] = true
		}
		// The documentation of the package shows the form once, quoted.
		if mentions := strings.Count(text, "Assumption:") - strings.Count(text, `"// Assumption: probe N."`); mentions != len(markers) {
			t.Errorf("%s: %d assumptions, %d of them of the form %s", file, mentions, len(markers), assumption)
		}
	}
	var missing []int
	for id := range probes() {
		if !named[id] {
			missing = append(missing, id)
		}
	}
	if slices.Sort(missing); len(missing) > 0 {
		t.Errorf("no code names the probes %v", missing)
	}
}
