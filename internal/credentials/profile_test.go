package credentials_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
)

func TestProfile_NoKey(t *testing.T) {
	t.Parallel()
	const notObject = "dev.credential cannot be read: it is not a JSON object"
	for content, says := range map[string]string{ // of dev.credential; "-" for no file
		"-":                                  "dev.credential does not exist",
		`{"secretId":"ID"}`:                  "key secretKey is missing",
		`{"secretKey":"hush"}`:               "key secretId is missing",
		`{}`:                                 "keys secretId and secretKey are missing",
		`{"type":"cvm-role"}`:                "use-cvm-role is set, which this provider does not read: set cam_role_name",
		`{"secretId":"ID","secretKey":null}`: "key secretKey is missing",
		`{"secretId":"ID","secretKey":" "}`:  "key secretKey is missing",
		`{"secretId":"ID","secretKey":1}`:    "dev.credential cannot be read: key secretKey has a value of the wrong type",
		`secretId=hush`:                      notObject,
		`{"secretId":hush}`:                  notObject,
		`["hush"]`:                           notObject,
		`null`:                               notObject,
		``:                                   notObject,
		strings.Repeat(" ", 1<<20+1):         "dev.credential cannot be read: it is larger than 1 MiB",
		`{"secretId":"ID","secretKey":"hush","role-arn":"r","role-session-name":"a b"}`: "key role-session-name: it must be 2 to 128",
	} {
		machine := newWorld(t)
		dir := filepath.Join(machine.home, "profiles")
		if content != "-" {
			write(t, content, dir, "dev.credential")
		}
		_, err := machine.refuse(t, credentials.Arguments{Profile: "dev", SharedCredentialsDir: dir})
		if want := "profile dev in " + dir + ": " + says; !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error = %v\nwant    %s", err, want)
		}
		if attribute := sourceError(t, err).Attribute; attribute != "profile" {
			t.Errorf("the error is about %q", attribute)
		}
	}
}

// TestProfile_BrokenDefault checks that a broken default profile does not fail a
// configuration that does not need it.
func TestProfile_BrokenDefault(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	write(t, "hush", machine.home, ".tccli", "default.credential")
	resolved := machine.resolve(t, credentials.Arguments{CAMRoleName: "cvm"})
	if !mentioned(resolved.Warnings, "The default profile is ignored", "default.credential cannot be read") {
		t.Errorf("warnings %q", resolved.Warnings)
	}
	_, err := machine.refuse(t, credentials.Arguments{CAMRoleName: "cvm", Profile: "default"})
	if got := sourceError(t, err).Attribute; got != "profile" {
		t.Errorf("the error of a named profile is about %q", got)
	}
}

func TestProfile_Unusable(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	if err := os.MkdirAll(filepath.Join(machine.home, ".tccli", "dir.credential"), 0o700); err != nil {
		t.Fatal(err)
	}
	const separator = "must not contain a path separator"
	for name, want := range map[string]string{"dir": "it is not a regular file", "../dev": separator, `..\dev`: separator} {
		if _, err := machine.refuse(t, credentials.Arguments{Profile: name}); !strings.Contains(err.Error(), want) {
			t.Errorf("profile %q: %v, want %s", name, err, want)
		}
	}
}

// TestProfile_Default checks that the default profile does not have to exist, but
// must be complete if it does.
func TestProfile_Default(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	write(t, `{"secretId":"ID-default"}`, machine.home, ".tccli", "default.credential")
	_, err := machine.refuse(t, credentials.Arguments{})
	if got := sourceError(t, err).Source; got != "profile default in "+filepath.Join(machine.home, ".tccli") {
		t.Errorf("half a key is reported for %q", got)
	}
	write(t, "\xef\xbb\xbf"+`{"secretId":" ID-default ","secretKey":"k"}`, machine.home, ".tccli", "default.credential")
	expect(t, machine.resolve(t, credentials.Arguments{}).Source, "ID-default")
}

func TestProfile_Location(t *testing.T) {
	t.Parallel()
	dev, other := map[string]string{"TENCENTCLOUD_PROFILE": "dev"}, map[string]string{"TENCENTCLOUD_PROFILE": "other"}
	for _, test := range []struct {
		arguments credentials.Arguments
		variables map[string]string
		file      string
	}{
		{credentials.Arguments{Profile: "dev"}, other, ".tccli/dev.credential"},
		{credentials.Arguments{}, dev, ".tccli/dev.credential"},
		{credentials.Arguments{SharedCredentialsDir: "~/keys"}, nil, "keys/default.credential"},
		{credentials.Arguments{}, map[string]string{"TENCENTCLOUD_SHARED_CREDENTIALS_DIR": "~/keys"}, "keys/default.credential"},
		{credentials.Arguments{SharedCredentialsDir: "~"}, nil, "default.credential"},
	} {
		machine := newWorld(t)
		machine.variables = test.variables
		write(t, `{"secretId":"ID-file","secretKey":"k"}`, machine.home, filepath.FromSlash(test.file))
		expect(t, machine.resolve(t, test.arguments).Source, "ID-file")
	}
}

func TestProfile_UnknownHomeDirectory(t *testing.T) {
	t.Parallel()
	environment := newWorld(t).environment()
	environment.HomeDir = func() (string, error) { return "", errors.New("no home") }
	resolved, err := credentials.Resolve(credentials.Arguments{}, environment)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = resolved.Source.Retrieve(t.Context()); !strings.Contains(err.Error(), "profile default: the home directory is not known") {
		t.Errorf("default profile: %v", err)
	}
	_, err = credentials.Resolve(credentials.Arguments{Profile: "dev"}, environment)
	if err == nil || err.Error() != "profile dev: the home directory is not known" {
		t.Errorf("named profile: %v", err)
	}
	if resolved, err := credentials.Resolve(staticKeys(), environment); err != nil || len(resolved.Warnings) > 0 {
		t.Errorf("keys in arguments: %v, warnings %v", err, resolved.Warnings)
	}
}

// login is a credential file as tccli writes it after a login.
func login(kind, id string, expires any) string {
	content, _ := json.Marshal(map[string]any{
		"type": kind, "secretId": id, "secretKey": "k", "token": "t", "expiresAt": expires,
		kind: map[string]any{"site": "intl", "expiresAt": start.Unix()},
	})
	return string(content)
}

func TestLogin_Expired(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ kind, profile, command string }{
		{"oauth", "default", "tccli auth login"},
		{"sso", "default", "tccli sso login"},
		{"oauth", "dev", "tccli auth login --profile dev"},
	} {
		machine := newWorld(t)
		file := write(t, login(test.kind, "ID-old", start.Unix()), machine.home, ".tccli", test.profile+".credential")
		source := machine.resolve(t, credentials.Arguments{Profile: test.profile}).Source
		err := machine.fail(t, source)
		want := "profile " + test.profile + " in " + filepath.Dir(file) + ": the key expired at 2030-03-01T12:00:00Z; to renew it, run: " + test.command +
			" (if permanent keys have replaced it, delete \"token\" from " + test.profile + ".credential)"
		if err.Error() != want || sourceError(t, err).Attribute != "profile" {
			t.Errorf("error = %v\nwant    %s", err, want)
		}
		write(t, login(test.kind, "ID-new", start.Add(time.Hour).Unix()), file)
		machine.clock.Advance(time.Minute)
		expect(t, source, "ID-new")
	}
}

// TestLogin_Renewal checks that the file is read again from five minutes before
// the expiry.
func TestLogin_Renewal(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	file := write(t, login("sso", "ID-1", start.Add(time.Hour).Unix()), machine.home, ".tccli", "default.credential")
	source := machine.resolve(t, credentials.Arguments{}).Source
	use := func(at time.Duration, want string) {
		t.Helper()
		machine.clock.Advance(start.Add(at).Sub(machine.clock.Now()))
		expect(t, source, want)
	}
	use(0, "ID-1")
	use(56*time.Minute, "ID-1")
	write(t, login("sso", "ID-2", start.Add(2*time.Hour).Unix()), file)
	use(57*time.Minute, "ID-2")
	write(t, login("sso", "ID-3", start.Add(3*time.Hour).Unix()), file)
	use(114*time.Minute, "ID-2")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	use(116*time.Minute, "ID-2")
	machine.clock.Advance(4 * time.Minute)
	if err := machine.fail(t, source); !strings.Contains(err.Error(), "default.credential does not exist") {
		t.Errorf("without the file: %v", err)
	}
	write(t, `{"secretId":"ID-4","secretKey":"k"}`, file)
	use(121*time.Minute, "ID-4")
}

// TestLogin_OtherFiles checks keys that do not expire. Other tools may use the
// same names for other things.
func TestLogin_OtherFiles(t *testing.T) {
	t.Parallel()
	for _, content := range []string{
		login("cvm-role", "ID", 1),
		`{"secretId":"ID","secretKey":"k","expiresAt":1}`,
		`{"secretId":"ID","secretKey":"k","type":7,"expiresAt":1}`,
		login("oauth", "ID", nil),
		login("oauth", "ID", "2020-01-01"),
		// tccli configure keeps type and expiresAt of the login.
		`{"type":"oauth","secretId":"ID","secretKey":"k","token":"","expiresAt":1}`,
	} {
		machine := newWorld(t)
		write(t, content, machine.home, ".tccli", "default.credential")
		expect(t, machine.resolve(t, credentials.Arguments{}).Source, "ID")
	}
}

func TestProfile_FileMode(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("file modes")
	}
	for mode, want := range map[os.FileMode]bool{0o600: false, 0o640: true, 0o604: true} {
		machine := newWorld(t)
		file := write(t, `{"secretId":"ID","secretKey":"k"}`, machine.home, ".tccli", "default.credential")
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf("%s holds a secret key and has mode %04o. To restrict it to yourself, run: chmod 600 '%s'", file, mode, file)
		if warnings := machine.resolve(t, credentials.Arguments{}).Warnings; mentioned(warnings, text) != want || len(warnings) > 1 {
			t.Errorf("mode %o: warnings %q", mode, warnings)
		}
		if warnings := machine.resolve(t, staticKeys()).Warnings; len(warnings) > 0 {
			t.Errorf("mode %o of a file that is not used: warnings %q", mode, warnings)
		}
	}
}
