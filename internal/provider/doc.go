// Package provider is what Terraform sees of Tencent Real-Time Communication:
// the provider trtc, its resource and data source trtc_stream_ingest and its
// ephemeral resources. It turns configuration into calls of package trtcclient
// and the calls' outcomes into state and diagnostics; it knows no HTTP and no
// JSON.
package provider
