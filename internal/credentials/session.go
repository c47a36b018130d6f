package credentials

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

const (
	defaultSessionName = "terraform-provider-trtc"
	// defaultSessionDuration and maxSessionDuration are documented by STS.
	defaultSessionDuration = 7200 * time.Second
	maxSessionDuration     = 43200 * time.Second
)

var (
	errNoRoleARN       = errors.New("role_arn is not set, and neither is " + roleARNVariable)
	errSessionName     = errors.New("it must be 2 to 128 letters, digits and " + sessionNameMarks + " only")
	errSessionDuration = errors.New("it must be a whole number of seconds from 1 to 43200")
)

// session is what every way of taking on a role needs.
type session struct {
	// from names what asks for the role, such as "assume_role".
	from string
	// attribute is the provider's argument for such a role.
	attribute string
	arn       string
	name      string
	duration  time.Duration
}

// String returns "role <ARN> from <what asks for it>".
func (s session) String() string { return "role " + s.arn + " from " + s.from }

func (s session) failure(err error) error {
	return &SourceError{Source: s.String(), Attribute: s.attribute, Err: err}
}

// newSession fills in what attribute's block leaves open from the variables and
// then the defaults.
func (r *resolver) newSession(attribute string, arn, name string, seconds int64) (session, error) {
	role := r.variables.choose(arn, attribute, roleARNVariable)
	if !role.isSet() {
		return session{}, &SourceError{Source: attribute, Attribute: attribute, Err: errNoRoleARN}
	}
	sessionName := r.variables.choose(name, "session_name of "+attribute, sessionNameVariable)
	if !sessionName.isSet() {
		sessionName.value = defaultSessionName
	}
	if !isName(sessionName.value, sessionNameMarks) {
		return session{}, &SourceError{Source: sessionName.from, Attribute: attribute, Err: errSessionName}
	}
	duration, err := r.sessionDuration(attribute, seconds)
	if err != nil {
		return session{}, err
	}
	return session{from: role.from, attribute: attribute, arn: role.value, name: sessionName.value, duration: duration}, nil
}

func (r *resolver) sessionDuration(attribute string, seconds int64) (time.Duration, error) {
	from := "session_duration of " + attribute
	if seconds == 0 {
		variable := r.variables.read(sessionDurationVariable)
		if !variable.isSet() {
			return defaultSessionDuration, nil
		}
		from = variable.from
		parsed, err := strconv.ParseInt(variable.value, 10, 64)
		if err != nil {
			return 0, &SourceError{Source: from, Attribute: attribute, Err: errSessionDuration}
		}
		seconds = parsed
	}
	if seconds < 1 || seconds > int64(maxSessionDuration/time.Second) {
		return 0, &SourceError{Source: from, Attribute: attribute, Err: errSessionDuration}
	}
	return time.Duration(seconds) * time.Second, nil
}

// profileSession is the role in a profile's file.
func (p profile) session(keys profileKeys) (session, error) {
	role := session{from: p.String(), attribute: "profile", arn: keys.roleARN, name: keys.sessionName, duration: defaultSessionDuration}
	if role.name == "" {
		role.name = defaultSessionName
	}
	if !isName(role.name, sessionNameMarks) {
		return session{}, p.failure(fmt.Errorf("key role-session-name: %w", errSessionName))
	}
	return role, nil
}

// warnRoleVariablesWithoutRole reports variables that only mean something
// together with a role.
func (r *resolver) warnRoleVariablesWithoutRole() {
	var set []string
	for _, name := range []string{
		sessionNameVariable, sessionDurationVariable, externalIDVariable,
		providerIDVariable, webIdentityTokenVariable, webIdentityTokenFileVariable,
	} {
		if r.variables.peek(name) != "" {
			set = append(set, name)
		}
	}
	if len(set) > 0 {
		r.warn("Settings of a role are ignored", enumerate(set)+be(set)+" set but "+roleARNVariable+
			" is not, and there is no assume_role or assume_role_with_web_identity either: no role is assumed.")
	}
}
