package credentials_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

func TestProfileThatGivesNoKey(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		content string // of dev.credential; "-" for no file
		says    string
	}{
		"no file":            {"-", "dev.credential does not exist"},
		"no key":             {`{"secretId":"ID"}`, "key secretKey is missing"},
		"no id":              {`{"secretKey":"hush"}`, "key secretId is missing"},
		"neither":            {`{}`, "keys secretId and secretKey are missing"},
		"null":               {`{"secretId":"ID","secretKey":null}`, "key secretKey is missing"},
		"white space":        {`{"secretId":"ID","secretKey":" "}`, "key secretKey is missing"},
		"a number":           {`{"secretId":"ID","secretKey":12345}`, "dev.credential cannot be read: key secretKey has a value of the wrong type"},
		"not JSON":           {`secretId=hush`, "dev.credential cannot be read: it is not a JSON object"},
		"an array":           {`["hush"]`, "dev.credential cannot be read: it is not a JSON object"},
		"JSON null":          {`null`, "dev.credential cannot be read: it is not a JSON object"},
		"empty":              {``, "dev.credential cannot be read: it is not a JSON object"},
		"too large":          {strings.Repeat(" ", 1<<20+1), "dev.credential cannot be read: it is larger than 1 MiB"},
		"a list":             {`{"secretId":"ID","secretKey":["hush"]}`, "dev.credential cannot be read: key secretKey has a value of the wrong type"},
		"wrong session name": {`{"secretId":"ID","secretKey":"hush","role-arn":"r","role-session-name":"a b"}`, "key role-session-name: it must be 2 to 128"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			dir := filepath.Join(machine.home, "profiles")
			if test.content != "-" {
				write(t, test.content, dir, "dev.credential")
			}
			_, err := machine.refuse(t, credentials.Arguments{Profile: "dev", SharedCredentialsDir: dir})
			if want := "profile dev in " + dir + ": " + test.says; !strings.HasPrefix(err.Error(), want) {
				t.Errorf("error = %v\nwant    %s", err, want)
			}
			if attribute := sourceError(t, err).Attribute; attribute != "profile" {
				t.Errorf("the error is about %q", attribute)
			}
		})
	}
}

// A broken default profile must not fail a configuration that does not need it.
func TestBrokenDefaultProfileUnderACVMRole(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	write(t, "hush", machine.home, ".tccli", "default.credential")
	resolved := machine.resolve(t, credentials.Arguments{CAMRoleName: "cvm"})
	if !warned(resolved, "The default profile is ignored", "default.credential cannot be read") {
		t.Errorf("warnings %q", resolved.Warnings)
	}
	_, err := machine.refuse(t, credentials.Arguments{CAMRoleName: "cvm", Profile: "default"})
	if got := sourceError(t, err).Attribute; got != "profile" {
		t.Errorf("the error of a named profile is about %q", got)
	}
}

func TestProfileThatIsNoFile(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	if err := os.MkdirAll(filepath.Join(machine.home, ".tccli", "dev.credential"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := machine.refuse(t, credentials.Arguments{Profile: "dev"})
	if !strings.Contains(err.Error(), "dev.credential cannot be read: it is not a regular file") {
		t.Errorf("error = %v", err)
	}
}

func TestProfileName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"../dev", `..\dev`, "/etc/dev"} {
		machine := newWorld(t)
		_, err := machine.refuse(t, credentials.Arguments{Profile: name})
		if !strings.Contains(err.Error(), "must not contain a path separator") {
			t.Errorf("profile %q: %v", name, err)
		}
	}
}

// The default profile is only a place to look, until it is there and broken.
func TestDefaultProfile(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	err := machine.fail(t, machine.resolve(t, credentials.Arguments{}).Source)
	var notFound *credentials.NotFoundError
	if !errors.As(err, &notFound) {
		t.Fatalf("without a file the error is %v", err)
	}
	write(t, `{"secretId":"ID-default"}`, machine.home, ".tccli", "default.credential")
	_, err = machine.refuse(t, credentials.Arguments{})
	if got := sourceError(t, err).Source; got != "profile default in "+filepath.Join(machine.home, ".tccli") {
		t.Errorf("half a key is reported for %q", got)
	}
	write(t, "\xef\xbb\xbf"+`{"secretId":" ID-default ","secretKey":"k"}`, machine.home, ".tccli", "default.credential")
	machine.use(t, machine.resolve(t, credentials.Arguments{}).Source)
	if got := machine.lines(); len(got) != 1 || got[0] != "Use by ID-default" {
		t.Errorf("on the wire: %q", got)
	}
}

func TestWhereProfilesAre(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		arguments credentials.Arguments
		variables map[string]string
		file      string
	}{
		"default directory":  {credentials.Arguments{Profile: "dev"}, nil, ".tccli/dev.credential"},
		"variable":           {credentials.Arguments{}, map[string]string{"TENCENTCLOUD_PROFILE": "dev"}, ".tccli/dev.credential"},
		"argument over it":   {credentials.Arguments{Profile: "dev"}, map[string]string{"TENCENTCLOUD_PROFILE": "other"}, ".tccli/dev.credential"},
		"directory":          {credentials.Arguments{SharedCredentialsDir: "~/keys"}, nil, "keys/default.credential"},
		"directory variable": {credentials.Arguments{}, map[string]string{"TENCENTCLOUD_SHARED_CREDENTIALS_DIR": "~/keys"}, "keys/default.credential"},
		"home itself":        {credentials.Arguments{SharedCredentialsDir: "~"}, nil, "default.credential"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			machine.variables = test.variables
			write(t, `{"secretId":"ID-file","secretKey":"k"}`, machine.home, filepath.FromSlash(test.file))
			machine.use(t, machine.resolve(t, test.arguments).Source)
			if got := machine.lines(); got[0] != "Use by ID-file" {
				t.Errorf("on the wire: %q", got)
			}
		})
	}
}

func TestUnknownHomeDirectory(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	environment := machine.environment()
	environment.HomeDir = func() (string, error) { return "", errors.New("no home") }
	resolved, err := credentials.Resolve(credentials.Arguments{}, environment)
	if err != nil {
		t.Fatal(err)
	}
	_, err = resolved.Source.Retrieve(t.Context())
	var notFound *credentials.NotFoundError
	if !errors.As(err, &notFound) || !strings.Contains(err.Error(), "profile default: the home directory is not known") {
		t.Errorf("default profile: %v", err)
	}
	_, err = credentials.Resolve(credentials.Arguments{Profile: "dev"}, environment)
	if err == nil || err.Error() != "profile dev: the home directory is not known" {
		t.Errorf("named profile: %v", err)
	}
	keys := credentials.Arguments{SecretID: secret.New("ID"), SecretKey: secret.New("k")}
	if resolved, err := credentials.Resolve(keys, environment); err != nil || len(resolved.Warnings) > 0 {
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

func TestExpiredLogin(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ kind, profile, command string }{
		"OAuth":         {"oauth", "default", "tccli auth login"},
		"SSO":           {"sso", "default", "tccli sso login"},
		"named profile": {"oauth", "dev", "tccli auth login --profile dev"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
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
			machine.clock.Advance(30 * time.Second)
			machine.use(t, source)
			if got := machine.lines(); !slices.Equal(got, []string{"Use by ID-new t"}) {
				t.Errorf("after the login, on the wire: %q", got)
			}
		})
	}
}

func TestLoginIsReadAgainNearItsExpiry(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	file := write(t, login("sso", "ID-1", start.Add(time.Hour).Unix()), machine.home, ".tccli", "default.credential")
	source := machine.resolve(t, credentials.Arguments{}).Source
	use := func(at time.Duration, want string) {
		t.Helper()
		machine.clock.Advance(start.Add(at).Sub(machine.clock.Now()))
		if credential, err := source.Retrieve(t.Context()); err != nil || credential.SecretID.Reveal() != want {
			t.Errorf("at %v: %q, %v, want %s", at, credential.SecretID.Reveal(), err, want)
		}
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

func TestLoginThatRunsOut(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	write(t, login("oauth", "ID", start.Add(time.Hour).Unix()), machine.home, ".tccli", "default.credential")
	source := machine.resolve(t, credentials.Arguments{}).Source
	for range 60 {
		machine.use(t, source)
		machine.clock.Advance(time.Minute)
	}
	if err := machine.fail(t, source); !strings.Contains(err.Error(), "tccli auth login") {
		t.Errorf("error = %v", err)
	}
}

// Other tools may use the same names for other things.
func TestKeyThatIsNotOfALogin(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"other type":          login("cvm-role", "ID", 1),
		"no type":             `{"secretId":"ID","secretKey":"k","expiresAt":1}`,
		"type of another one": `{"secretId":"ID","secretKey":"k","type":7,"expiresAt":1}`,
		"no expiry":           login("oauth", "ID", nil),
		"expiry as a text":    login("oauth", "ID", "2020-01-01"),
		// tccli configure keeps type and expiresAt of the login.
		"permanent keys over an expired login": `{"type":"oauth","secretId":"ID","secretKey":"k","token":"","expiresAt":1}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			write(t, content, machine.home, ".tccli", "default.credential")
			machine.use(t, machine.resolve(t, credentials.Arguments{}).Source)
		})
	}
}

func TestCredentialFileThatOthersCanAccess(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("file modes")
	}
	for mode, want := range map[os.FileMode]bool{0o600: false, 0o400: false, 0o640: true, 0o604: true, 0o644: true} {
		machine := newWorld(t)
		file := write(t, `{"secretId":"ID","secretKey":"k"}`, machine.home, ".tccli", "default.credential")
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf("%s holds a secret key and has mode %04o. To restrict it to yourself, run: chmod 600 '%s'", file, mode, file)
		if resolved := machine.resolve(t, credentials.Arguments{}); warned(resolved, text) != want || len(resolved.Warnings) > 1 {
			t.Errorf("mode %o: warnings %q", mode, resolved.Warnings)
		}
		keys := credentials.Arguments{SecretID: secret.New("ID"), SecretKey: secret.New("k")}
		if resolved := machine.resolve(t, keys); len(resolved.Warnings) > 0 {
			t.Errorf("mode %o of a file that is not used: warnings %q", mode, resolved.Warnings)
		}
	}
}

func FuzzProfileFiles(f *testing.F) {
	for _, seed := range []string{
		`{"secretId":"ID","secretKey":"key","token":"t","role-arn":"r","role-session-name":"s"}`,
		`{"_sys_param":{"region":"ap-singapore","output":"json"}}`,
		`{"secretId":1}`, `{"secretId":null}`, `{"_sys_param":"x"}`, `{"_sys_param":{"region":{}}}`,
		`{"type":"oauth","secretId":"ID","secretKey":"key","expiresAt":1e300}`, `{"type":"sso","secretId":"ID","secretKey":"key","expiresAt":1e999}`,
		`{}`, `[]`, `null`, `"x"`, ``, `{`, "\x00", `{"secretId":"a","secretId":"b"}`, `{"secretKey":"\ud800"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		machine := newWorld(t)
		write(t, string(content), machine.home, ".tccli", "dev.credential")
		write(t, string(content), machine.home, ".tccli", "dev.configure")
		resolved, err := credentials.Resolve(credentials.Arguments{Profile: "dev"}, machine.environment())
		if (err == nil) != (resolved.Source != nil) {
			t.Fatalf("source %v beside the error %v", resolved.Source, err)
		}
		if err != nil {
			if got := sourceError(t, err).Attribute; got != "profile" {
				t.Errorf("the error is about %q: %v", got, err)
			}
			return
		}
		credential, err := resolved.Source.Retrieve(t.Context())
		if err != nil {
			return
		}
		for _, value := range []string{credential.SecretID.Reveal(), credential.SecretKey.Reveal()} {
			if value == "" || value != strings.TrimSpace(value) {
				t.Errorf("the key has the part %q", value)
			}
		}
	})
}
