terraform {
  required_version = ">= 1.3"

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

module "radio" {
  source = "github.com/trtc-community/terraform-provider-trtc//examples/modules/radio?ref=v0.2.0"

  sdk_app_id = 1400000001
  streams = {
    radio = {
      room_id    = "1001"
      stream_url = "https://radio.example.com/live.flv"
    }
  }
}

output "tasks" {
  description = "Import ID of each task."
  value       = module.radio.ids
}
