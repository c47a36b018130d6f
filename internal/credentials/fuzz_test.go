package credentials

import (
	"encoding/json"
	"strings"
	"testing"
)

func FuzzProfileFiles(f *testing.F) {
	for _, seed := range []string{
		`{"secretId":"ID","secretKey":"key","token":"t","role-arn":"r","role-session-name":"s"}`,
		`{"_sys_param":{"region":"ap-singapore","output":"json"}}`,
		`{"secretId":1}`, `{"secretId":null}`, `{"_sys_param":"x"}`, `{"_sys_param":{"region":{}}}`,
		`{}`, `[]`, `null`, `"x"`, ``, `{`, "\x00", `{"secretId":"a","secretId":"b"}`, `{"secretKey":"\ud800"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		parsed, err := parseObject(content)
		if err != nil {
			return
		}
		if keys, err := parseProfileKeys(parsed); err == nil {
			complete := keys.credential.SecretID != "" && !keys.credential.SecretKey.IsEmpty()
			if complete != (keys.missing == nil) {
				t.Errorf("complete %v, missing %v", complete, keys.missing)
			}
			if keys.absent && keys.missing == nil {
				t.Error("absent but not missing")
			}
			if trimmed := strings.TrimSpace(keys.credential.SecretKey.Reveal()); trimmed != keys.credential.SecretKey.Reveal() {
				t.Error("the key has white space around it")
			}
		} else if !strings.HasPrefix(err.Error(), "key ") || !strings.HasSuffix(err.Error(), " is not a string") {
			t.Errorf("error %q", err)
		}
		if region, err := parseProfileRegion(parsed); err != nil && region != "" {
			t.Errorf("region %q beside the error %v", region, err)
		}
	})
}

func FuzzWebIdentityTokenFile(f *testing.F) {
	for _, seed := range []string{
		"eyJhbGciOiJSUzI1NiJ9.e30.c2ln\n", `{"web_identity_token":"eyJh"}`, ` {"web_identity_token": " x " } `,
		`{"web_identity_token":""}`, `{"web_identity_token":5}`, `{"web_identity_token":"a b"}`,
		`{}`, `{`, ``, " \n", "a b", "\x00", "é", `"quoted"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		token, err := parseTokenFile(content)
		if err != nil {
			if token != "" {
				t.Error("a token beside the error")
			}
			return
		}
		if token == "" || strings.ContainsFunc(token, notInToken) {
			t.Errorf("not a token: %q", token)
		}
		wrapped, err := json.Marshal(map[string]string{"web_identity_token": token})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := parseTokenFile(wrapped); err != nil || again != token {
			t.Errorf("as JSON the token %q is %q, %v", token, again, err)
		}
	})
}
