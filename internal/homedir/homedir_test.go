package homedir_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/homedir"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	known := func() (string, error) { return "/home/user", nil }
	for _, test := range []struct{ path, want string }{
		{"~", "/home/user"},
		{"~/keys", "/home/user/keys"},
		{"~/../x", "/home/x"},
		{"~name/keys", "~name/keys"},
		{"keys/~", "keys/~"},
		{"/keys", "/keys"},
		{"", ""},
	} {
		got, err := homedir.Expand(test.path, known)
		if filepath.ToSlash(got) != test.want || err != nil {
			t.Errorf("Expand(%q) = %q, %v, want %q", test.path, got, err, test.want)
		}
	}
	for name, unknown := range map[string]func() (string, error){
		"error": func() (string, error) { return "", errors.New("no home") },
		"empty": func() (string, error) { return "", nil },
	} {
		if got, err := homedir.Expand("~/keys", unknown); !errors.Is(err, homedir.ErrUnknown) || got != "" {
			t.Errorf("%s: Expand = %q, %v, want ErrUnknown", name, got, err)
		}
		if got, err := homedir.Expand("/keys", unknown); err != nil || got != "/keys" {
			t.Errorf("%s: Expand = %q, %v, want the path", name, got, err)
		}
	}
}
