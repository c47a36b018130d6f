# In the map the room that was named lobby is now named foyer.
moved {
  from = trtc_stream_ingest.room["lobby"]
  to   = trtc_stream_ingest.room["foyer"]
}
