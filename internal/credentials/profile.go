package credentials

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	profileAttribute = "profile"
	defaultProfile   = "default"
	// maxFileBytes is the largest file that is read: 1 MiB.
	maxFileBytes = 1 << 20
	// fileRenewalMargin is how long before its expiry a key is read again. tccli
	// renews it in the last five minutes.
	fileRenewalMargin = 5 * time.Minute
)

var (
	errHome        = errors.New("the home directory is not known")
	errProfileName = errors.New("the name of a profile must not contain a path separator")
	errNotRegular  = errors.New("it is not a regular file")
	errTooLarge    = errors.New("it is larger than 1 MiB")
	errNotObject   = errors.New("it is not a JSON object")
)

// profile is a pair of files of tccli, which may not exist: <name>.credential
// with keys and <name>.configure with the region.
type profile struct {
	name string
	dir  string
	// named means that the user named the profile, asked that the user named it
	// or its directory.
	named, asked bool
	// err is why the files cannot be located.
	err error
}

// credentialFile is the content of <name>.credential.
type credentialFile struct {
	SecretID    secret.Text `json:"secretId"`
	SecretKey   secret.Text `json:"secretKey"`
	Token       secret.Text `json:"token"`
	RoleARN     string      `json:"role-arn"`
	SessionName string      `json:"role-session-name"`
	// Type is "oauth" or "sso" for the temporary key of a login.
	Type any `json:"type"`
	// ExpiresAt is when that key expires, in UNIX seconds.
	ExpiresAt any `json:"expiresAt"`

	// missing is why there is no file to read, or nil.
	missing error
}

// configureFile is the part of <name>.configure that is used.
type configureFile struct {
	SysParam struct {
		Region string `json:"region"`
	} `json:"_sys_param"`
}

// String returns "profile <name> in <dir>".
func (p profile) String() string {
	if p.dir == "" {
		return "profile " + p.name
	}
	return "profile " + p.name + " in " + p.dir
}

func (p profile) failure(err error) error {
	return &SourceError{Source: p.String(), Attribute: profileAttribute, Err: err}
}

// locateProfile returns the profile to use. It does not read the files.
func (r *resolver) locateProfile() profile {
	name := r.variables.choose(r.arguments.Profile, profileAttribute, profileVariable)
	dir := r.variables.choose(r.arguments.SharedCredentialsDir, "shared_credentials_dir", sharedCredentialsDirVariable)
	found := profile{name: name.text(), named: name.isSet(), asked: name.isSet() || dir.isSet()}
	if !found.named {
		found.name = defaultProfile
	}
	if strings.ContainsAny(found.name, `/\`) {
		found.err = errProfileName
		return found
	}
	path := dir.text()
	if path == "" {
		path = filepath.Join("~", ".tccli")
	}
	found.dir, found.err = r.expandHome(path)
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

// credentialFile reads <name>.credential. A file that does not exist is not an
// error.
func (p profile) credentialFile() (credentialFile, error) {
	var file credentialFile
	if p.err != nil {
		return credentialFile{missing: p.err}, nil //nolint:nilerr // Only a profile that is needed must exist.
	}
	err := p.read("credential", &file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return credentialFile{missing: errors.New(p.name + ".credential does not exist")}, nil
	case err != nil:
		return credentialFile{}, p.failure(err)
	}
	file.SecretID, file.SecretKey, file.Token = trim(file.SecretID), trim(file.SecretKey), trim(file.Token)
	file.RoleARN, file.SessionName = strings.TrimSpace(file.RoleARN), strings.TrimSpace(file.SessionName)
	return file, nil
}

// incomplete returns why the file has no key, or nil, and whether it has half of
// one.
func (f credentialFile) incomplete() (isHalf bool, why error) {
	switch {
	case f.missing != nil:
		return false, f.missing
	case f.SecretID.IsEmpty() && f.SecretKey.IsEmpty():
		return false, errors.New("keys secretId and secretKey are missing")
	case f.SecretID.IsEmpty():
		return true, errors.New("key secretId is missing")
	case f.SecretKey.IsEmpty():
		return true, errors.New("key secretKey is missing")
	default:
		return false, nil
	}
}

// loginCommand returns the command of tccli that renews a key of this type, or
// nothing for a key that is not of a login.
func (f credentialFile) loginCommand(profile string) string {
	var command string
	switch f.Type {
	case "oauth":
		command = "tccli auth login"
	case "sso":
		command = "tccli sso login"
	default:
		return ""
	}
	if profile != defaultProfile {
		command += " --profile " + profile
	}
	return command
}

// expires returns when the key of a login expires, or the zero time.
func (f credentialFile) expires() time.Time {
	seconds, ok := f.ExpiresAt.(float64)
	if !ok || f.loginCommand("") == "" {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0)
}

// profileSource returns the source of the profile's keys. The key of a login is
// read again shortly before it expires, because tccli writes its renewal to the
// file.
func (r *resolver) profileSource(where profile, file credentialFile) (*Source, error) {
	isHalf, why := file.incomplete()
	switch {
	case why == nil:
		r.warnReadableByOthers(where)
	case where.named || isHalf:
		return nil, where.failure(why)
	default:
		return nil, r.notFound(where, why)
	}
	if file.expires().IsZero() {
		return staticSource(file.credential()), nil
	}
	return temporarySource(r.environment, where.failure, func(context.Context) (temporary, error) {
		return where.temporary(r.environment.Clock.Now())
	}), nil
}

// temporary reads the key of a login. The error of an expired one names the
// command that renews it.
func (p profile) temporary(now time.Time) (temporary, error) {
	file, err := p.credentialFile()
	if err != nil {
		return temporary{}, err
	}
	if _, why := file.incomplete(); why != nil {
		return temporary{}, p.failure(why)
	}
	expires := file.expires()
	switch {
	case expires.IsZero():
		// Keys that do not expire have replaced those of the login.
		expires = now.Add(time.Hour)
	case !expires.After(now):
		return temporary{}, p.failure(fmt.Errorf("the key expired at %s; to renew it, run: %s",
			expires.UTC().Format(time.RFC3339), file.loginCommand(p.name)))
	}
	return temporary{Credential: file.credential(), renewAt: expires.Add(-fileRenewalMargin), expires: expires}, nil
}

// warnReadableByOthers warns when the mode of the credential file lets other
// users in. Windows has no such modes.
func (r *resolver) warnReadableByOthers(where profile) {
	file := filepath.Join(where.dir, where.name+".credential")
	info, err := os.Stat(file)
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return
	}
	r.warn("Other users can access the credential file", fmt.Sprintf(
		"%s holds a secret key and has mode %04o. To restrict it to yourself, run: chmod 600 '%s'", file, info.Mode().Perm(), file))
}

func (f credentialFile) credential() cloudapi.Credential {
	return cloudapi.Credential{SecretID: f.SecretID.Reveal(), SecretKey: f.SecretKey, Token: f.Token}
}

// role returns the role that the file names, or nil.
func (p profile) role(file credentialFile) (*assumedRole, error) {
	if file.RoleARN == "" {
		return nil, nil //nolint:nilnil // A profile needs no role.
	}
	role := session{from: p.String(), attribute: profileAttribute, arn: file.RoleARN, name: file.SessionName, duration: defaultSessionDuration}
	if role.name == "" {
		role.name = defaultSessionName
	}
	if !sessionNameForm.MatchString(role.name) {
		return nil, p.failure(fmt.Errorf("key role-session-name: %w", errSessionName))
	}
	return &assumedRole{session: role}, nil
}

// region reads <name>.configure. Without the file or the key it is empty.
func (p profile) region() (string, error) {
	if p.err != nil {
		return "", p.failure(p.err)
	}
	var file configureFile
	err := p.read("configure", &file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", p.failure(err)
	}
	return strings.TrimSpace(file.SysParam.Region), nil
}

func (p profile) read(extension string, out any) error {
	name := p.name + "." + extension
	content, err := readFile(filepath.Join(p.dir, name))
	if err == nil {
		err = decodeObject(content, out)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be read: %w", name, err)
	}
	return nil
}

// readFile returns the content of a regular file without a byte order mark. Its
// errors do not name the file.
func readFile(path string) ([]byte, error) {
	// Opening a pipe would wait for a writer.
	info, err := os.Stat(path)
	if err != nil {
		return nil, withoutPath(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	file, err := os.Open(path) //nolint:gosec // The user chooses the file.
	if err != nil {
		return nil, withoutPath(err)
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	if err != nil {
		return nil, withoutPath(err)
	}
	if len(content) > maxFileBytes {
		return nil, errTooLarge
	}
	return bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")), nil
}

func withoutPath(err error) error {
	var located *fs.PathError
	if errors.As(err, &located) {
		return located.Err
	}
	return err
}

// decodeObject decodes a JSON object. Its errors quote nothing of the content,
// as those of encoding/json can.
func decodeObject(content []byte, out any) error {
	if !bytes.HasPrefix(bytes.TrimSpace(content), []byte("{")) {
		return errNotObject
	}
	err := json.Unmarshal(content, out)
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &mismatch):
		return fmt.Errorf("key %s has a value of the wrong type", mismatch.Field)
	case err != nil:
		return errNotObject
	}
	return nil
}
