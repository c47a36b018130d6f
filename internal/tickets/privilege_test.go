package tickets

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestEveryPrivilegeHasItsBit(t *testing.T) {
	t.Parallel()
	for name, bit := range map[string]struct {
		privilege Privilege
		value     Privileges
	}{
		"create_room":    {PrivilegeCreateRoom, 1},
		"enter_room":     {PrivilegeEnterRoom, 2},
		"send_audio":     {PrivilegeSendAudio, 4},
		"receive_audio":  {PrivilegeReceiveAudio, 8},
		"send_video":     {PrivilegeSendVideo, 16},
		"receive_video":  {PrivilegeReceiveVideo, 32},
		"send_screen":    {PrivilegeSendScreen, 64},
		"receive_screen": {PrivilegeReceiveScreen, 128},
	} {
		set := must(ParsePrivileges([]string{name}))(t)
		if set != bit.value || !set.Has(bit.privilege) || (AllPrivileges &^ set).Has(bit.privilege) {
			t.Errorf("%s is %d, want %d", name, set, bit.value)
		}
		if names := set.Names(); !slices.Equal(names, []string{name}) {
			t.Errorf("%s is named %v", name, names)
		}
	}
}

func TestParsePrivileges(t *testing.T) {
	t.Parallel()
	if all := must(ParsePrivileges(PrivilegeNames()))(t); all != 255 || AllPrivileges != 255 {
		t.Errorf("all names give %d", all)
	}
	some := must(ParsePrivileges([]string{"receive_video", "enter_room", "receive_audio", "enter_room"}))(t)
	if some != 42 || !slices.Equal(some.Names(), []string{"enter_room", "receive_audio", "receive_video"}) {
		t.Errorf("the set is %d, %v", some, some.Names())
	}
	if names := Privileges(0x102).Names(); !slices.Equal(names, []string{"enter_room"}) {
		t.Errorf("a ninth bit is named: %v", names)
	}
}

func TestUnknownPrivileges(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Enter_Room", "enter_room ", "all"} {
		set, err := ParsePrivileges([]string{"enter_room", name})
		var unknown *UnknownPrivilegeError
		if !errors.As(err, &unknown) || unknown.Name != name || set != 0 {
			t.Fatalf("%q gives %d, %v", name, set, err)
		}
		for _, known := range PrivilegeNames() {
			if !strings.Contains(err.Error(), known) {
				t.Errorf("error %v does not list %s", err, known)
			}
		}
	}
	_, err := ParsePrivileges(nil)
	wantRule(t, err, FieldPrivileges, privilegesRule)
}

func TestPrivilegeNamesAreTheCallersOwn(t *testing.T) {
	t.Parallel()
	PrivilegeNames()[0] = "changed"
	if PrivilegeNames()[0] != "create_room" {
		t.Error("a caller can change the names")
	}
}
