# Plays until it is destroyed. The provider mints the robot's login ticket
# with the application's key from TRTC_SDK_SECRET_KEY.
resource "trtc_stream_ingest" "radio" {
  sdk_app_id = 1400000001
  room_id    = "1001"
  user_id    = "radio"
  stream_url = "https://radio.example.com/live.flv"
  repeat_num = -1
}
