# Plays in a room with a string ID, for two hours. The ended task then stays in
# state: it is not started again.
resource "trtc_stream_ingest" "event" {
  sdk_app_id   = 1400000001
  room_id      = "lobby"
  room_id_type = 0
  user_id      = "event"
  stream_url   = "https://media.example.com/event.m3u8"
  repeat_num   = -1
  max_duration = 120
  on_task_end  = "keep"
}
