terraform {
  required_version = ">= 1.3"

  required_providers {
    trtc = {
      source  = "trtc-community/trtc"
      version = "~> 0.2.0"
    }
  }

  # Remote state with locking. The backend reads the same credentials.
  backend "cos" {
    region = "ap-singapore"
    bucket = "terraform-state-1250000000"
    prefix = "radio"
  }
}

# login.sh sets TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and
# TENCENTCLOUD_SECURITY_TOKEN.
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
