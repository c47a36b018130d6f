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
