terraform {
  required_version = ">= 1.6"

  required_providers {
    trtc = {
      source  = "trtc-community/trtc"
      version = "~> 0.2.0"
    }
  }
}

variable "task_id" {
  description = "TaskId of the running task, as StartStreamIngest returned it."
  type        = string
}

# Credentials: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.
provider "trtc" {
  region = "ap-singapore"
}

import {
  to = trtc_stream_ingest.radio
  id = "ap-singapore/1400000001/${var.task_id}"
}

# The arguments that the task was started with. An imported task needs no ticket.
resource "trtc_stream_ingest" "radio" {
  sdk_app_id = 1400000001
  room_id    = "1001"
  user_id    = "radio"
  stream_url = "https://radio.example.com/live.flv"
  repeat_num = -1
  volume     = 80
}
