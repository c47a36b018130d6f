terraform {
  required_version = ">= 1.11"

  required_providers {
    trtc = {
      source = "trtc-community/trtc"
    }
  }

  # Remote state with locking. Its keys are those of the environment, too.
  backend "cos" {
    region = "ap-singapore"
    bucket = "terraform-state-1250000000"
    prefix = "radio"
  }
}

# Keys come from TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and
# TENCENTCLOUD_SECURITY_TOKEN, which login.sh sets.
provider "trtc" {
  region = "ap-singapore"
}

module "radio" {
  source = "../../modules/radio"

  sdk_app_id = 1400000001
  room_id    = "1001"
  stream_url = "https://radio.example.com/live.flv"
}
