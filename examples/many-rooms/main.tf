terraform {
  required_version = ">= 1.3"

  required_providers {
    trtc = {
      source  = "trtc-community/trtc"
      version = "~> 0.2.0"
    }
  }
}

variable "sdk_app_id" {
  description = "SdkAppId of the TRTC application."
  type        = number
  default     = 1400000001
}

variable "rooms" {
  description = "The rooms and their streams. The key is part of the resource's address: do not change it."
  type = map(object({
    room_id    = string
    stream_url = string
    volume     = optional(number, 100)
  }))
}

# Credentials: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY. The key that
# signs the robot's login ticket: TRTC_SDK_SECRET_KEY.
provider "trtc" {
  region = "ap-singapore"
}

resource "trtc_stream_ingest" "room" {
  for_each = var.rooms

  sdk_app_id = var.sdk_app_id
  room_id    = each.value.room_id
  user_id    = "robot-${each.value.room_id}"
  stream_url = each.value.stream_url
  volume     = each.value.volume
  repeat_num = -1
}

output "tasks" {
  description = "ID of the task in each room."
  value       = { for name, task in trtc_stream_ingest.room : name => task.id }
}
