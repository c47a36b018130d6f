package tickets

// MaxUserIDLength is the longest UserId, in bytes.
const MaxUserIDLength = 32

const userIDRule = "must be 1 to 32 characters of a-z, A-Z, 0-9, _ and -"

// ValidateUserID returns a *RuleError unless id is 1 to MaxUserIDLength bytes
// of a-z, A-Z, 0-9, _ and -.
func ValidateUserID(id string) error {
	if len(id) < 1 || len(id) > MaxUserIDLength || !consistsOf(id, "_-") {
		return &RuleError{Field: FieldUserID, Rule: userIDRule}
	}
	return nil
}
