terraform {
  required_version = ">= 1.5"

  required_providers {
    trtc = {
      source  = "trtc-community/trtc"
      version = "~> 0.2.0"
    }
  }
}

provider "trtc" {
  region = "ap-singapore"
}

locals {
  # preflight.sh writes it before the plan.
  preflight = "${path.module}/preflight.txt"
  findings  = fileexists(local.preflight) ? trimspace(file(local.preflight)) : ""
}

# Warns in the plan.
check "stream" {
  assert {
    condition     = local.findings == ""
    error_message = "The stream may not play: ${local.findings}."
  }
}

resource "trtc_stream_ingest" "radio" {
  sdk_app_id = 1400000001
  room_id    = "1001"
  user_id    = "radio"
  stream_url = "https://radio.example.com/live.flv"
  repeat_num = -1
}
