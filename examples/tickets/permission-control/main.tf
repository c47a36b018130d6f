terraform {
  required_providers {
    trtc = {
      source  = "trtc-community/trtc"
      version = "~> 0.2.0"
    }
  }
}

# Credentials: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY. The key that
# signs the robot's login ticket: TRTC_SDK_SECRET_KEY.
provider "trtc" {
  region = "ap-singapore"
}

# An application with advanced permission control: the provider mints
# the PrivateMapKey for this room.
resource "trtc_stream_ingest" "radio" {
  sdk_app_id           = 1400000001
  room_id              = "1001"
  user_id              = "radio"
  mint_private_map_key = true
  stream_url           = "https://radio.example.com/live.flv"
  repeat_num           = -1
}
