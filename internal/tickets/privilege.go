package tickets

import (
	"fmt"
	"strings"
)

// Privilege is one thing that a PrivateMapKey can allow, as its bit in the
// privilege map.
type Privilege uint32

// The privileges, in the order of their bits.
const (
	PrivilegeCreateRoom Privilege = 1 << iota
	PrivilegeEnterRoom
	PrivilegeSendAudio
	PrivilegeReceiveAudio
	PrivilegeSendVideo
	PrivilegeReceiveVideo
	PrivilegeSendScreen
	PrivilegeReceiveScreen
)

// AllPrivileges holds every privilege: 255.
const AllPrivileges Privileges = 1<<8 - 1

const privilegesRule = "must hold at least one privilege and none that is not known"

// Privileges is a set of privileges, as the privilege map of a PrivateMapKey.
type Privileges uint32

// PrivilegeNames returns the name of every privilege, in the order of the
// bits, in a slice of the caller's own.
func PrivilegeNames() []string {
	return []string{
		"create_room", "enter_room", "send_audio", "receive_audio",
		"send_video", "receive_video", "send_screen", "receive_screen",
	}
}

// UnknownPrivilegeError says that there is no privilege of that name.
type UnknownPrivilegeError struct {
	// Name is the name that is not one of PrivilegeNames.
	Name string
}

// Error quotes the name and lists the allowed ones.
func (e *UnknownPrivilegeError) Error() string {
	return fmt.Sprintf("there is no privilege %q; the privileges are %s", e.Name, strings.Join(PrivilegeNames(), ", "))
}

// ParsePrivileges returns the set of the named privileges; a name may be there
// twice. The error is an *UnknownPrivilegeError for the first name that is not
// one of PrivilegeNames, or a *RuleError when there is no name at all.
func ParsePrivileges(names []string) (Privileges, error) {
	var set Privileges
	for _, name := range names {
		privilege, err := parsePrivilege(name)
		if err != nil {
			return 0, err
		}
		set |= Privileges(privilege)
	}
	return set, ValidatePrivileges(set)
}

// ValidatePrivileges returns a *RuleError unless set is from 1 to
// AllPrivileges.
func ValidatePrivileges(set Privileges) error {
	if set == 0 || set > AllPrivileges {
		return &RuleError{Field: FieldPrivileges, Rule: privilegesRule}
	}
	return nil
}

// Has tells whether privilege is in the set.
func (p Privileges) Has(privilege Privilege) bool { return p&Privileges(privilege) != 0 }

// Names returns the names of the privileges in the set, in the order of the
// bits. Bits without a name are left out.
func (p Privileges) Names() []string {
	names := make([]string, 0, len(PrivilegeNames()))
	for bit, name := range PrivilegeNames() {
		if p.Has(1 << bit) {
			names = append(names, name)
		}
	}
	return names
}

func parsePrivilege(name string) (Privilege, error) {
	for bit, known := range PrivilegeNames() {
		if name == known {
			return 1 << bit, nil
		}
	}
	return 0, &UnknownPrivilegeError{Name: name}
}
