package tickets

import "math"

// The range of an SdkAppId. It is packed into four bytes in a PrivateMapKey.
const (
	MinSdkAppID uint64 = 1
	MaxSdkAppID uint64 = math.MaxUint32
)

// SdkAppIDRule is what ValidateSdkAppID holds an SdkAppId to.
const SdkAppIDRule = "must be a whole number from 1 to 4294967295"

// ValidateSdkAppID returns a *RuleError unless id is from MinSdkAppID to
// MaxSdkAppID.
func ValidateSdkAppID(id uint64) error {
	if id < MinSdkAppID || id > MaxSdkAppID {
		return &RuleError{Field: FieldSdkAppID, Rule: SdkAppIDRule}
	}
	return nil
}
