// Package chaos tests the provider against a service and a network that do
// their worst: random runs of operations on several resources, each call of
// which may be hit by any fault that the mock knows, by a connection that
// cannot be made, or by an interrupt. After every operation the books must
// balance: each running task is in a state, or was announced by the error of
// the start whose answer was lost. Once the faults stop, one apply must lead to
// an empty plan.
//
// The package holds tests only. TRTC_CHAOS_SEQUENCES says how many runs to
// make, and TRTC_CHAOS_SEED repeats those of an earlier test.
package chaos
