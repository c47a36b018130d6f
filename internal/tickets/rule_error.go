package tickets

// Field names the value that a RuleError is about.
type Field string

// The values that have a rule.
const (
	FieldSdkAppID   Field = "SdkAppId"
	FieldUserID     Field = "UserId"
	FieldRoomID     Field = "RoomId"
	FieldRoomIDType Field = "RoomIdType"
	FieldLifetime   Field = "lifetime"
	FieldPrivileges Field = "privileges"
)

// RuleError says that a value breaks the rule for its field. It does not quote
// the value, which may be a secret that was put into the wrong place.
type RuleError struct {
	// Field is the value that was refused.
	Field Field
	// Rule is the rule in words that follow the field's name: "must be …".
	Rule string
}

// Error returns the field's name followed by the rule.
func (e *RuleError) Error() string { return string(e.Field) + " " + e.Rule }
