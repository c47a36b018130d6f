terraform {
  required_version = ">= 1.3"

  required_providers {
    trtc = {
      source  = "trtc-community/trtc"
      version = "~> 0.2.0"
    }
  }

  # Terraform state in GitLab, with locking. The pipeline sets address and login.
  backend "http" {}
}

# The pipeline sets TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN.
provider "trtc" {
  region = "ap-singapore"

  assume_role_with_web_identity {
    provider_id  = "gitlab"
    role_arn     = "qcs::cam::uin/100000000001:roleName/radio"
    session_name = "terraform"
  }
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
