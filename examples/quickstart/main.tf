terraform {
  required_providers {
    trtc = {
      source  = "trtc-community/trtc"
      version = "~> 0.2.0"
    }
  }
}

variable "volume" {
  description = "Volume of the stream, 0 to 100."
  type        = number
  default     = 100
}

# Credentials: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY. The key that
# signs the robot's login ticket: TRTC_SDK_SECRET_KEY.
provider "trtc" {
  region = "ap-singapore"
}

resource "trtc_stream_ingest" "radio" {
  sdk_app_id = 1400000001
  room_id    = "1001"
  user_id    = "radio"
  stream_url = "https://radio.example.com/live.flv"
  repeat_num = -1
  volume     = var.volume
}

output "task" {
  value = trtc_stream_ingest.radio.id
}
