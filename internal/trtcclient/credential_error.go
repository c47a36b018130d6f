package trtcclient

import "errors"

// CredentialError is a call that was not sent because there is no key to sign
// it with. Getting a key can be a call of its own, whose outcome says nothing
// about this one.
type CredentialError struct {
	// Action is the API action that was not sent.
	Action string
	// Err is the credential source's error.
	Err error
}

// Error names the action and the source's error.
func (e *CredentialError) Error() string { return e.Action + ": no credentials: " + e.Err.Error() }

// Unwrap returns the source's error.
func (e *CredentialError) Unwrap() error { return e.Err }

func isCredentialError(err error) bool {
	var missing *CredentialError
	return errors.As(err, &missing)
}
