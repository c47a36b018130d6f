// Package trtcclient is Tencent Real-Time Communication's stream-ingest API as
// typed calls: StartStreamIngest, DescribeStreamIngest, UpdateStreamIngest and
// StopStreamIngest, API version 2019-07-22.
//
// Every call runs through one chain: a pacer that keeps to the service's rate
// at the time at which requests are written, one signed exchange (package
// cloudapi), and one retry policy per action. A call that failed is classified
// once, where it ended, into an Error, which retry policy, pacer, observer and
// caller read.
//
// # One start
//
// A start is not idempotent. One attempt writes at most one request, over
// HTTP/1.1 on a connection of its own; package cloudapi documents how that is
// enforced. The call is retried only if the service provably did not run it
// (nothing was written, or the rate limit refused it), or asked for a retry. In
// every other case the Error's MayHaveRun is set.
package trtcclient
