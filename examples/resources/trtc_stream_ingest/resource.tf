# The robot's login ticket, minted where Terraform runs and stored nowhere. The
# application's key comes from TRTC_SDK_SECRET_KEY.
ephemeral "trtc_user_sig" "radio" {
  sdk_app_id = 1400000001
  user_id    = "radio"
}

# A radio that plays until it is destroyed.
resource "trtc_stream_ingest" "radio" {
  sdk_app_id  = 1400000001
  room_id     = "1001"
  user_id     = "radio"
  user_sig_wo = ephemeral.trtc_user_sig.radio.user_sig
  stream_url  = "https://radio.example.com/live.flv"
  repeat_num  = -1
}
