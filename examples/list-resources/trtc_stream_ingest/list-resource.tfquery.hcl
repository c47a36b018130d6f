list "trtc_stream_ingest" "orphans" {
  provider = trtc
}
