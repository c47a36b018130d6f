terraform {
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
