# Application key: TRTC_SDK_SECRET_KEY.
ephemeral "trtc_user_sig" "radio" {
  sdk_app_id = 1400000001
  user_id    = "radio"
}

ephemeral "trtc_private_map_key" "radio" {
  sdk_app_id = 1400000001
  user_id    = "radio"
  room_id    = "1001"
  privileges = ["enter_room", "send_audio", "send_video"]
}

resource "trtc_stream_ingest" "radio" {
  sdk_app_id         = 1400000001
  room_id            = "1001"
  user_id            = "radio"
  user_sig_wo        = ephemeral.trtc_user_sig.radio.user_sig
  private_map_key_wo = ephemeral.trtc_private_map_key.radio.private_map_key
  stream_url         = "https://radio.example.com/live.flv"
}
