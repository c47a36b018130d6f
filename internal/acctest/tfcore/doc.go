// Package tfcore speaks the plugin protocol to a provider that is served in
// this process, the way Terraform's core does: it proposes new states, plans
// twice when something must be replaced, plans again before it applies, carries
// state, private data and identity from one call to the next, and checks what
// core checks. A run costs no process and no socket, so that tests can make
// thousands of them, and features that the CLI at hand lacks are tested all the
// same.
//
// A [Provider] is one configured provider, a [Session] is one resource instance
// in one state file. A Session is not safe for concurrent use.
package tfcore
