terraform {
  required_version = ">= 1.11"

  required_providers {
    trtc = {
      source  = "trtc-community/trtc"
      version = ">= 0.1.0"
    }
  }
}

# The robot's login ticket, minted where Terraform runs and stored nowhere. The
# application's key comes from TRTC_SDK_SECRET_KEY.
ephemeral "trtc_user_sig" "radio" {
  sdk_app_id = var.sdk_app_id
  user_id    = var.user_id
  expires_in = 15552000 # 180 days, the longest there is
}

resource "trtc_stream_ingest" "radio" {
  region      = var.region
  sdk_app_id  = var.sdk_app_id
  room_id     = var.room_id
  user_id     = var.user_id
  user_sig_wo = ephemeral.trtc_user_sig.radio.user_sig
  stream_url  = var.stream_url
  repeat_num  = -1
  volume      = var.volume
}

# Whether the radio plays, asked at each plan and after each apply. The data
# source stands outside of the check block: inside of it, it would make every
# plan one with changes.
data "trtc_stream_ingest" "radio" {
  region     = trtc_stream_ingest.radio.region
  sdk_app_id = trtc_stream_ingest.radio.sdk_app_id
  task_id    = trtc_stream_ingest.radio.task_id
}

# A check that fails is a warning, not an error.
check "plays" {
  assert {
    condition     = data.trtc_stream_ingest.radio.status == "InProgress"
    error_message = "The radio in room ${var.room_id} does not play."
  }
}
