// Package trtcmock is TRTC's stream-ingest API in memory: it verifies what a
// caller sends the way the service does, runs tasks against an injected clock,
// keeps a journal of every call and, on demand, misbehaves.
//
// It is a witness. Signatures, tickets, parameters and codes are checked by code
// of its own that shares nothing with the provider, so that a mistake made in
// both the client and its tests still shows here.
//
// A [Server] is an [net/http.Handler] with four faces:
//
//   - POST / is the API itself: StartStreamIngest, DescribeStreamIngest,
//     UpdateStreamIngest and StopStreamIngest, and of STS AssumeRole and
//     AssumeRoleWithWebIdentity.
//   - GET /latest/meta-data/cam/security-credentials/ is the metadata service
//     that hands a CVM its role's temporary credentials.
//   - /_mock/ is for tests that run in another process: tasks, journal, faults.
//   - The methods of [Server] are the same for tests in this process.
//
// Every request is verified, executed and journalled in one critical section, so
// the journal's order is the order of execution. Only the answer may be late.
package trtcmock
