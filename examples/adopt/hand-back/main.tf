terraform {
  required_version = ">= 1.7"

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

# In the place of the resource block: the task leaves the state and plays on.
removed {
  from = trtc_stream_ingest.radio

  lifecycle {
    destroy = false
  }
}
