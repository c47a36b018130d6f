terraform {
  required_version = ">= 1.11"

  required_providers {
    trtc = {
      source  = "trtc-community/trtc"
      version = "~> 0.2.0"
    }
  }
}

variable "sdk_secret_key" {
  description = "SDKSecretKey of the application. Default: TRTC_SDK_SECRET_KEY."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

# Credentials: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.
provider "trtc" {
  region = "ap-singapore"
}

# Authenticates the user.
ephemeral "trtc_user_sig" "radio" {
  sdk_app_id     = 1400000001
  user_id        = "radio"
  sdk_secret_key = var.sdk_secret_key
}

# Authorizes room entry, for applications with advanced permission control. The
# robot publishes; it does not need to receive.
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
