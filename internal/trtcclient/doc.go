// Package trtcclient is Tencent Real-Time Communication's stream-ingest API as
// typed calls: StartStreamIngest, DescribeStreamIngest, UpdateStreamIngest and
// StopStreamIngest, API version 2019-07-22.
//
// Every call runs through one chain: a pacer that keeps to the service's rate
// at the time at which requests are written, one signed exchange (package
// cloudapi), and one retry policy per action. A failed call is classified once,
// into an Error. DESIGN.md explains why a start is sent once.
package trtcclient
