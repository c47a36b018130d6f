package credentials

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/homedir"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	profileAttribute = "profile"
	defaultProfile   = "default"
	cvmRoleType      = "cvm-role"
	selectCVMRole    = "set " + camRoleAttribute + " or " + camRoleNameVariable + " to the name of the role"
	// maxBytes is the maximum size of a file and of a response of the metadata
	// service: 1 MiB.
	maxBytes = 1 << 20
	// fileRenewalMargin is the time before the expiry of a key at which the file is
	// read again. tccli renews the key in the last five minutes.
	fileRenewalMargin = 5 * time.Minute
)

var (
	errProfileName = errors.New("the name of a profile must not contain a path separator")
	errNotRegular  = errors.New("it is not a regular file")
	errTooLarge    = errors.New("it is larger than 1 MiB")
	errNotObject   = errors.New("it is not a JSON object")
)

// profile is a pair of tccli files, <name>.credential with the keys and
// <name>.configure with the region. The files may not exist.
type profile struct {
	origin

	name, dir string
	// nameSet means that the user set the name of the profile.
	nameSet bool
	// explicit means that the user set profile or shared_credentials_dir. from has
	// the arguments or variables.
	explicit bool
	from     []string
	// err is the reason why the files cannot be located.
	err error
}

// credentialFile is the content of <name>.credential.
type credentialFile struct {
	SecretID    secret.Text `json:"secretId"`
	SecretKey   secret.Text `json:"secretKey"`
	Token       secret.Text `json:"token"`
	RoleARN     string      `json:"role-arn"`
	SessionName string      `json:"role-session-name"`
	// Type is "oauth" or "sso" for the temporary key of a login, and ExpiresAt
	// when that key expires, in UNIX seconds. It is "cvm-role" if tccli uses the
	// role of the CVM instance (use-cvm-role). Other tools may use the same names
	// for other things.
	Type      any `json:"type"`
	ExpiresAt any `json:"expiresAt"`

	// missing is the reason why there is no file to read, or nil.
	missing error
}

// locateProfile returns the profile to use. It does not read its files.
func (r *resolver) locateProfile() profile {
	name := r.choose(r.arguments.Profile, profileAttribute, profileVariable)
	dir := r.choose(r.arguments.SharedCredentialsDir, "shared_credentials_dir", sharedCredentialsDirVariable)
	found := profile{name: name.or(defaultProfile).text(), nameSet: name.isSet(), explicit: name.isSet() || dir.isSet()}
	for _, option := range []setting{name, dir} {
		if option.isSet() {
			found.from = append(found.from, option.from)
		}
	}
	found.origin = origin{source: "profile " + found.name, attribute: profileAttribute}
	if strings.ContainsAny(found.name, `/\`) {
		found.err = errProfileName
		return found
	}
	found.dir, found.err = homedir.Expand(dir.or(filepath.Join("~", ".tccli")).text(), r.environment.HomeDir)
	if found.err == nil {
		found.source += " in " + found.dir
	}
	return found
}

// credentialFile reads <name>.credential. A missing file is not an error.
func (p profile) credentialFile() (credentialFile, error) {
	var file credentialFile
	err := p.read("credential", &file)
	switch {
	case p.err != nil:
		return credentialFile{missing: p.err}, nil //nolint:nilerr // Only a profile that is needed must exist.
	case errors.Is(err, fs.ErrNotExist):
		return credentialFile{missing: errors.New(p.name + ".credential does not exist")}, nil
	case err != nil:
		return credentialFile{}, err
	}
	for _, text := range []*secret.Text{&file.SecretID, &file.SecretKey, &file.Token} {
		*text = secret.New(strings.TrimSpace(text.Reveal()))
	}
	if err := checkText(file.SecretID.Reveal(), file.SecretKey.Reveal(), file.Token.Reveal()); err != nil {
		return credentialFile{}, p.failure(fmt.Errorf("a key in %s.credential cannot be used: %w", p.name, err))
	}
	file.RoleARN, file.SessionName = strings.TrimSpace(file.RoleARN), strings.TrimSpace(file.SessionName)
	return file, nil
}

// incomplete returns the reason why the file has no key, or nil.
func (f credentialFile) incomplete() error {
	switch {
	case f.missing != nil:
		return f.missing
	case f.SecretID.IsEmpty() && f.SecretKey.IsEmpty() && f.Type == cvmRoleType:
		return errors.New("use-cvm-role is set, which this provider does not read: " + selectCVMRole)
	case f.SecretID.IsEmpty() && f.SecretKey.IsEmpty():
		return errors.New("keys secretId and secretKey are missing")
	case f.SecretID.IsEmpty():
		return errors.New("key secretId is missing")
	case f.SecretKey.IsEmpty():
		return errors.New("key secretKey is missing")
	default:
		return nil
	}
}

// login returns the expiry of a key that a login issued, and the command that
// renews the key. ok is false for other keys, even for permanent keys that replaced
// the key of a login: tccli keeps type and expiresAt, but only temporary keys have
// a token.
func (f credentialFile) login(profile string) (expires time.Time, command string, ok bool) {
	kind, _ := f.Type.(string)
	seconds, hasExpiry := f.ExpiresAt.(float64)
	command, ok = map[string]string{"oauth": "tccli auth login", "sso": "tccli sso login"}[kind]
	if profile != defaultProfile {
		command += " --profile " + profile
	}
	return time.Unix(int64(seconds), 0), command, ok && hasExpiry && !f.Token.IsEmpty()
}

// profileSource returns the source of the profile's keys. The source reads the key
// of a login again shortly before the key expires: tccli renews the key in the
// file.
func (r *resolver) profileSource(profile profile, file credentialFile) (*Source, error) {
	isHalf := file.SecretID.IsEmpty() != file.SecretKey.IsEmpty()
	switch reason := file.incomplete(); {
	case reason == nil:
		r.warnReadableByOthers(profile)
		if file.Type == cvmRoleType {
			r.ignore("The profile's use-cvm-role is ignored", "The keys in "+profile.name+".credential sign requests. To use the role of the CVM instance instead, "+selectCVMRole+".")
		}
	case profile.nameSet || isHalf:
		return nil, profile.failure(reason)
	default:
		return nil, r.notFound(profile, reason)
	}
	if _, _, isLogin := file.login(profile.name); !isLogin {
		return staticSource(profile.source, file.credential()), nil
	}
	return temporarySource(r.environment, profile.origin, func(context.Context) (temporary, error) {
		return profile.temporary(r.environment.now())
	}), nil
}

// temporary reads the key of a login.
func (p profile) temporary(now time.Time) (temporary, error) {
	file, err := p.credentialFile()
	if err == nil {
		err = file.incomplete()
	}
	if err != nil {
		return temporary{}, err
	}
	expires, command, isLogin := file.login(p.name)
	switch {
	case !isLogin:
		// Permanent keys have replaced the key of the login.
		expires = now.Add(time.Hour)
	case !expires.After(now):
		return temporary{}, fmt.Errorf("the key expired at %s; to renew it, run: %s (if permanent keys have replaced it, delete \"token\" from %s.credential)",
			expires.UTC().Format(time.RFC3339), command, p.name)
	}
	return temporary{Credential: file.credential(), renewAt: expires.Add(-fileRenewalMargin), expires: expires}, nil
}

func (r *resolver) warnReadableByOthers(profile profile) {
	file := filepath.Join(profile.dir, profile.name+".credential")
	info, err := os.Stat(file)
	// Windows has no such modes.
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return
	}
	r.warn("Other users can access the credential file", fmt.Sprintf(
		"%s holds a secret key and has mode %04o. To restrict it to yourself, run: chmod 600 '%s'", file, info.Mode().Perm(), file))
}

func (f credentialFile) credential() cloudapi.Credential {
	return cloudapi.Credential{SecretID: f.SecretID, SecretKey: f.SecretKey, Token: f.Token}
}

// profileRole returns the role that the file names.
func (r *resolver) profileRole(profile profile, file credentialFile) (role, error) {
	name := cmp.Or(file.SessionName, defaultSessionName)
	if !hasForm(name, sessionNameCharacters) {
		return role{}, profile.failure(fmt.Errorf("key role-session-name: %w", errSessionName))
	}
	return r.newRole(profileAttribute, profile.source, file.RoleARN, name), nil
}

// region returns the region in <name>.configure, or an empty string if the file or
// the key is missing.
func (p profile) region() (string, error) {
	var file struct {
		SysParam struct {
			Region string `json:"region"`
		} `json:"_sys_param"`
	}
	if err := p.read("configure", &file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	region := strings.TrimSpace(file.SysParam.Region)
	if err := checkText(region); err != nil {
		return "", p.failure(fmt.Errorf("the region in %s.configure cannot be used: %w", p.name, err))
	}
	return region, nil
}

// read decodes <name>.<extension>. The error is a *SourceError.
func (p profile) read(extension string, out any) error {
	if p.err != nil {
		return p.failure(p.err)
	}
	name := p.name + "." + extension
	content, err := readFile(filepath.Join(p.dir, name))
	if err == nil {
		err = decodeObject(content, out)
	}
	if err != nil {
		return p.failure(fmt.Errorf("%s cannot be read: %w", name, err))
	}
	return nil
}

// readFile returns the content of a regular file without a byte order mark. The
// error does not name the file.
func readFile(path string) ([]byte, error) {
	// Opening a pipe would wait for a writer.
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	if err == nil && info.Size() > maxBytes {
		return nil, errTooLarge
	}
	content, err := os.ReadFile(path) //nolint:gosec // The user chooses the file.
	if located, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, located.Err
	}
	return bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")), err
}

// decodeObject decodes a JSON object. The error does not quote the content, which
// errors of encoding/json can do.
func decodeObject(content []byte, out any) error {
	if !bytes.HasPrefix(bytes.TrimSpace(content), []byte("{")) {
		return errNotObject
	}
	err := json.Unmarshal(content, out)
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("key %s has a value of the wrong type", mismatch.Field)
	}
	if err != nil {
		return errNotObject
	}
	return nil
}
