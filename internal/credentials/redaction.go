package credentials

import (
	"fmt"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// The types here hold secrets in fields that fmt would print as they are.

func redactAll(state fmt.State) { _, _ = state.Write([]byte(secret.Redacted)) }

// Format writes a fixed text, whatever the verb.
func (setting) Format(state fmt.State, _ rune) { redactAll(state) }

// Format writes a fixed text, whatever the verb.
func (staticKeys) Format(state fmt.State, _ rune) { redactAll(state) }

// Format writes a fixed text, whatever the verb.
func (profileKeys) Format(state fmt.State, _ rune) { redactAll(state) }

// Format writes a fixed text, whatever the verb.
func (object) Format(state fmt.State, _ rune) { redactAll(state) }

// Format writes a fixed text, whatever the verb.
func (identityToken) Format(state fmt.State, _ rune) { redactAll(state) }

// Format writes a fixed text, whatever the verb.
func (webIdentityParameters) Format(state fmt.State, _ rune) { redactAll(state) }

// Format writes a fixed text, whatever the verb.
func (*webIdentityRole) Format(state fmt.State, _ rune) { redactAll(state) }

// Format writes a fixed text, whatever the verb.
func (cvmRoleAnswer) Format(state fmt.State, _ rune) { redactAll(state) }

// Format writes a fixed text, whatever the verb.
func (*stsAnswer) Format(state fmt.State, _ rune) { redactAll(state) }

// Format writes a fixed text, whatever the verb.
func (temporary) Format(state fmt.State, _ rune) { redactAll(state) }

// Format writes a fixed text, whatever the verb.
func (*resolver) Format(state fmt.State, _ rune) { redactAll(state) }
