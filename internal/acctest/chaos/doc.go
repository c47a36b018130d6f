// Package chaos tests the provider with random sequences of operations on several
// resources. Each call may be hit by any fault of the mock, by a refused
// connection, by an interrupt, by the end of the CLI, after which no CLI receives
// the result of the provider, or by a kill of the provider, which loses everything
// that is not in a state or in the start journal. After every operation, each running task
// must be in a state or must have been announced by the error of a lost start.
// Once the faults end, one apply must lead to an empty plan.
//
// The package has only tests. TRTC_CHAOS_SEQUENCES is the number of sequences, and
// TRTC_CHAOS_SEED reproduces the sequences of an earlier run.
package chaos
