# The key "lobby" was renamed to "foyer".
moved {
  from = trtc_stream_ingest.room["lobby"]
  to   = trtc_stream_ingest.room["foyer"]
}
