terraform {
  required_version = ">= 1.6"

  required_providers {
    trtc = {
      source = "trtc-community/trtc"
    }
  }
}

variable "task_id" {
  description = "TaskId of the running task, as its start returned it."
  type        = string
}

# Keys come from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.
provider "trtc" {
  region = "ap-singapore"
}

import {
  to = trtc_stream_ingest.radio
  id = "ap-singapore/1400000001/${var.task_id}"
}

# What runs, as it was started. A task that is taken over needs no ticket.
resource "trtc_stream_ingest" "radio" {
  sdk_app_id = 1400000001
  room_id    = "1001"
  user_id    = "radio"
  stream_url = "https://radio.example.com/live.flv"
  repeat_num = -1
  volume     = 80
}
