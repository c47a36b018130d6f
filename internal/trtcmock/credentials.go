package trtcmock

import (
	"crypto/subtle"
	"time"
)

// credential is a key pair that requests may be signed with.
type credential struct {
	secretKey string
	token     string    // empty: must come without a token
	expires   time.Time // zero: never
}

// keyring holds the credentials of the account. Its owner locks.
type keyring map[string]credential

func newKeyring(keys, tokens map[string]string) keyring {
	ring := make(keyring, len(keys))
	for id, key := range keys {
		ring[id] = credential{secretKey: key, token: tokens[id]}
	}
	return ring
}

func (k keyring) find(secretID string) (credential, error) {
	found, ok := k[secretID]
	if !ok {
		return credential{}, refuse(codeSecretIDNotFound, "The SecretId is not found.")
	}
	return found, nil
}

// checkToken demands the token that belongs to the credential, or none. That a
// long-lived key with a token is refused is not documented; it is what tells a
// caller that mixed two sources of credentials.
func (c credential) checkToken(token string, at time.Time) error {
	if !c.expires.IsZero() && !at.Before(c.expires) {
		return refuse(codeTokenFailure, "The temporary credential has expired.")
	}
	if subtle.ConstantTimeCompare([]byte(c.token), []byte(token)) != 1 {
		return refuse(codeTokenFailure, "The X-TC-Token header does not belong to the SecretId.")
	}
	return nil
}
