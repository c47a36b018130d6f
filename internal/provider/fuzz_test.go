package provider

import (
	"math"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

func FuzzImportID(f *testing.F) {
	for _, id := range []string{
		"1400000001/task", "ap-singapore/1400000001/task", "1400000001/a/b/c", "ap-tokyo/1/a b\x00",
		"", "/", "//", "0/task", "4294967296/task", "-1/task", "01/task", "ap-singapore/", "AP-X/1/t", "１/task",
	} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		identity, ok := parseImportID(id)
		if !ok {
			return
		}
		sdkAppID, taskID := identity.SdkAppID.ValueInt64(), identity.TaskID.ValueString()
		if sdkAppID < 1 || sdkAppID > math.MaxUint32 || taskID == "" {
			t.Fatalf("%q is read as application %d, task %q", id, sdkAppID, taskID)
		}
		if !strings.HasSuffix(id, "/"+taskID) {
			t.Fatalf("%q is read as task %q", id, taskID)
		}
		if region := identity.Region.ValueString(); region != "" {
			again, ok := parseImportID(taskResourceID(trtcclient.Task{Region: region, SdkAppID: sdkAppID, TaskID: taskID}))
			if !ok || again != identity {
				t.Fatalf("the resource's ID of %q is read as %v, %t", id, again, ok)
			}
		}
	})
}

func FuzzStreamURL(f *testing.F) {
	for _, raw := range []string{
		"https://example.com/live.flv", "rtmp://example.com/app/stream?sign=1", "http://[::1]:80/x", "HTTPS://EXAMPLE.COM",
		"", "https://", "https:///x", "ftp://x/y", "//x", "javascript:alert(1)", "https://%zz", "http://x\x7f",
		"https://x/a b", "https://x/\u00a0", "http://x:65536/", "http://x:99999999999999999999/", "http://x:/",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if err := checkStreamURL(raw); err != nil {
			rules := []string{"must be an absolute", "must not contain white space or invisible characters", "must have a port up to 65535"}
			if !slices.ContainsFunc(rules, func(rule string) bool { return strings.HasPrefix(err.Error(), rule) }) || len(err.Error()) > 200 {
				t.Fatalf("the error is not a rule, and may contain the URL: %v", err)
			}
			return
		}
		parsed, err := url.Parse(raw)
		if err != nil || parsed.Hostname() == "" {
			t.Fatalf("%q is accepted and has no host", raw)
		}
	})
}
