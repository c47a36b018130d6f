package credentials

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const defaultProfile = "default"

var (
	errHome        = errors.New("the home directory is not known")
	errProfileName = errors.New("a profile's name must not hold a path separator")
)

// profile is a pair of files, which may not exist: <name>.credential with keys
// and <name>.configure with the region.
type profile struct {
	name string
	dir  string
	// named: the user named the profile. asked: or at least the directory.
	named, asked bool
	// err is why the files cannot be located.
	err error
}

// String returns "profile <name> in <dir>".
func (p profile) String() string {
	if p.dir == "" {
		return "profile " + p.name
	}
	return "profile " + p.name + " in " + p.dir
}

func (p profile) failure(err error) error {
	return &SourceError{Source: p.String(), Attribute: "profile", Err: err}
}

// locateProfile tells which profile is meant; whether it is read comes later.
func (r *resolver) locateProfile() profile {
	name := r.variables.choose(r.arguments.Profile, "profile", profileVariable)
	dir := r.variables.choose(r.arguments.SharedCredentialsDir, "shared_credentials_dir", sharedCredentialsDirVariable)
	found := profile{name: name.value, named: name.isSet(), asked: name.isSet() || dir.isSet()}
	if !found.named {
		found.name = defaultProfile
	}
	if strings.ContainsAny(found.name, `/\`) {
		found.err = errProfileName
		return found
	}
	if !dir.isSet() {
		dir.value = filepath.Join("~", ".tccli")
	}
	found.dir, found.err = r.expandHome(dir.value)
	return found
}

// expandHome replaces a leading "~" by the home directory.
func (r *resolver) expandHome(path string) (string, error) {
	rest, isHome := strings.CutPrefix(path, "~")
	if !isHome || (rest != "" && !strings.ContainsRune(`/\`, rune(rest[0]))) {
		return path, nil
	}
	home, err := r.environment.HomeDir()
	if err != nil || home == "" {
		return "", errHome
	}
	return filepath.Join(home, rest), nil
}

// profileKeys is what <name>.credential says.
type profileKeys struct {
	credential  cloudapi.Credential
	roleARN     string
	sessionName string
	// missing is why the file gives no key, or nil when it does.
	missing error
	// absent: there is no key at all, rather than half of one.
	absent bool
}

// keys reads <name>.credential. The error is for a file that cannot be used at
// all; one that is not there is an answer.
func (p profile) keys() (profileKeys, error) {
	if p.err != nil {
		return noKeys(p.err), nil //nolint:nilerr // Whether it matters is the caller's to say.
	}
	content, err := p.read("credential")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return noKeys(errors.New(p.name + ".credential does not exist")), nil
	case err != nil:
		return profileKeys{}, p.failure(err)
	}
	keys, err := parseProfileKeys(content)
	if err != nil {
		return profileKeys{}, p.failure(err)
	}
	return keys, nil
}

func noKeys(why error) profileKeys { return profileKeys{missing: why, absent: true} }

func parseProfileKeys(content object) (profileKeys, error) {
	values := map[string]string{}
	for _, key := range []string{"secretId", "secretKey", "token", "role-arn", "role-session-name"} {
		value, err := content.text(key)
		if err != nil {
			return profileKeys{}, err
		}
		values[key] = value
	}
	keys := profileKeys{
		credential: cloudapi.Credential{
			SecretID:  values["secretId"],
			SecretKey: secret.New(values["secretKey"]),
			Token:     secret.New(values["token"]),
		},
		roleARN:     values["role-arn"],
		sessionName: values["role-session-name"],
	}
	switch {
	case values["secretId"] == "" && values["secretKey"] == "":
		keys.missing, keys.absent = errors.New("keys secretId and secretKey are missing"), true
	case values["secretId"] == "":
		keys.missing = errors.New("key secretId is missing")
	case values["secretKey"] == "":
		keys.missing = errors.New("key secretKey is missing")
	}
	return keys, nil
}

// region reads <name>.configure; a file or key that is not there gives none.
func (p profile) region() (string, error) {
	if p.err != nil {
		return "", p.failure(p.err)
	}
	content, err := p.read("configure")
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", p.failure(err)
	}
	region, err := parseProfileRegion(content)
	if err != nil {
		return "", p.failure(fmt.Errorf("%s.configure: %w", p.name, err))
	}
	return region, nil
}

func parseProfileRegion(content object) (string, error) {
	parameters, err := content.object("_sys_param")
	if err != nil {
		return "", err
	}
	return parameters.text("region")
}

func (p profile) read(extension string) (object, error) {
	file := p.name + "." + extension
	content, err := readFile(filepath.Join(p.dir, file))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", file, err)
	}
	parsed, err := parseObject(content)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", file, err)
	}
	return parsed, nil
}
