# Application key: TRTC_SDK_SECRET_KEY.
ephemeral "trtc_user_sig" "radio" {
  sdk_app_id = 1400000001
  user_id    = "radio"
  expires_in = 86400
}

resource "trtc_stream_ingest" "radio" {
  sdk_app_id  = 1400000001
  room_id     = "1001"
  user_id     = "radio"
  user_sig_wo = ephemeral.trtc_user_sig.radio.user_sig
  stream_url  = "https://radio.example.com/live.flv"
}
