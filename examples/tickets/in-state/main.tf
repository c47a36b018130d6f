terraform {
  required_providers {
    trtc = {
      source  = "trtc-community/trtc"
      version = "~> 0.2.0"
    }
  }
}

variable "user_sig" {
  description = "UserSig of the robot. Terraform stores it in the state."
  type        = string
  sensitive   = true
}

# Credentials: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.
provider "trtc" {
  region = "ap-singapore"
}

resource "trtc_stream_ingest" "radio" {
  sdk_app_id = 1400000001
  room_id    = "1001"
  user_id    = "radio"
  user_sig   = var.user_sig
  stream_url = "https://radio.example.com/live.flv"
  repeat_num = -1
}
