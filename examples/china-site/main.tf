terraform {
  required_providers {
    trtc = {
      source  = "trtc-community/trtc"
      version = "~> 0.2.0"
    }
  }
}

# Credentials and SDKSecretKey of an account of the China site.
provider "trtc" {
  domain = "tencentcloudapi.com"
  region = "ap-shanghai"
}

resource "trtc_stream_ingest" "radio" {
  sdk_app_id = 1400000001
  room_id    = "1001"
  user_id    = "radio"
  stream_url = "https://radio.example.com/live.flv"
  repeat_num = -1

  # China site only.
  tempo           = 1.25
  enable_progress = true
  idle_timeout    = 300
}
