terraform {
  required_providers {
    trtc = {
      source = "trtc-community/trtc"
    }
  }
}

variable "volume" {
  description = "Volume of the radio, 0 to 100."
  type        = number
  default     = 100
}

# The robot's login ticket, minted elsewhere. The state keeps it.
variable "user_sig" {
  type      = string
  sensitive = true
}

# Keys come from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.
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
  volume     = var.volume
}

output "task" {
  value = trtc_stream_ingest.radio.id
}
