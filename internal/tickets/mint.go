package tickets

import (
	"encoding/base64"
	"time"
)

// MintUserSig returns the UserSig for claims, issued at now, which counts in
// whole seconds. The same arguments give the same token. Errors: ErrEmptyKey;
// one *RuleError or several, joined; *TimeRangeError.
func MintUserSig(key Key, now time.Time, claims UserSigClaims) (string, error) {
	if err := claims.Validate(); err != nil {
		return "", err
	}
	valid, err := newValidity(now, claims.Lifetime)
	if err != nil {
		return "", err
	}
	return mint(key, newPayload(claims.SdkAppID, claims.UserID, valid))
}

// MintPrivateMapKey returns the PrivateMapKey for claims, issued at now, which
// counts in whole seconds. The same arguments give the same token. Errors:
// ErrEmptyKey; one *RuleError or several, joined; *TimeRangeError.
func MintPrivateMapKey(key Key, now time.Time, claims PrivateMapKeyClaims) (string, error) {
	if err := claims.Validate(); err != nil {
		return "", err
	}
	valid, err := newValidity(now, claims.Lifetime)
	if err != nil {
		return "", err
	}
	packed := encodeUserBuf(userBufFields{
		userID:     claims.UserID,
		sdkAppID:   uint32(claims.SdkAppID), // #nosec G115 -- validated
		room:       claims.Room,
		expiresAt:  uint32(valid.expiresAt()), // #nosec G115 -- bounded by newValidity
		privileges: claims.Privileges,
	})
	userBuf := base64.StdEncoding.EncodeToString(packed)
	unsigned := newPayload(claims.SdkAppID, claims.UserID, valid)
	unsigned.UserBuf = &userBuf
	return mint(key, unsigned)
}

func mint(key Key, unsigned payload) (string, error) {
	signed, err := unsigned.sign(key)
	if err != nil {
		return "", err
	}
	document, err := signed.encode()
	if err != nil {
		return "", err
	}
	return encodeToken(document)
}
