terraform {
  required_version = ">= 1.11"

  required_providers {
    trtc = {
      source = "trtc-community/trtc"
    }
  }
}

# Keys come from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.
provider "trtc" {
  region = "ap-singapore"
}

module "radio" {
  source = "../modules/radio"

  sdk_app_id = 1400000001
  room_id    = "1001"
  stream_url = "https://radio.example.com/live.flv"
}

output "task" {
  description = "ID of the running task."
  value       = module.radio.id
}
