terraform {
  required_version = ">= 1.11"

  required_providers {
    trtc = {
      source = "trtc-community/trtc"
    }
  }
}

# Keys come from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, the region
# from TENCENTCLOUD_REGION.
provider "trtc" {}
