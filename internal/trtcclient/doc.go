// Package trtcclient is Tencent Real-Time Communication's stream-ingest API as
// typed calls: StartStreamIngest, DescribeStreamIngest, UpdateStreamIngest and
// StopStreamIngest, API version 2019-07-22.
//
// Every call runs through one chain: a pacer that holds the service's rate, one
// signed exchange (package cloudapi), and one retry policy per action. A start
// is not idempotent; it is repeated only when the service provably did not run
// it, or told us to.
package trtcclient
