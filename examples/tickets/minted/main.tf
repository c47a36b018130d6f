terraform {
  required_version = ">= 1.11"

  required_providers {
    trtc = {
      source = "trtc-community/trtc"
    }
  }
}

variable "sdk_secret_key" {
  description = "The application's SDKSecretKey. Leave it out to take it from TRTC_SDK_SECRET_KEY."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

# Keys come from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.
provider "trtc" {
  region = "ap-singapore"
}

# The ticket to log in with.
ephemeral "trtc_user_sig" "radio" {
  sdk_app_id     = 1400000001
  user_id        = "radio"
  sdk_secret_key = var.sdk_secret_key
}

# The ticket to enter the room with, for applications with advanced permission
# control. The robot sends; it does not have to receive.
ephemeral "trtc_private_map_key" "radio" {
  sdk_app_id     = 1400000001
  user_id        = "radio"
  room_id        = "1001"
  privileges     = ["create_room", "enter_room", "send_audio", "send_video"]
  sdk_secret_key = var.sdk_secret_key
}

resource "trtc_stream_ingest" "radio" {
  sdk_app_id         = 1400000001
  room_id            = "1001"
  user_id            = "radio"
  user_sig_wo        = ephemeral.trtc_user_sig.radio.user_sig
  private_map_key_wo = ephemeral.trtc_private_map_key.radio.private_map_key
  stream_url         = "https://radio.example.com/live.flv"
  repeat_num         = -1
}
