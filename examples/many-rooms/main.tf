terraform {
  required_version = ">= 1.11"

  required_providers {
    trtc = {
      source = "trtc-community/trtc"
    }
  }
}

variable "sdk_app_id" {
  description = "SdkAppId of the TRTC application."
  type        = number
  default     = 1400000001
}

variable "rooms" {
  description = "What plays where, each under a name that stays: the name is part of the resource's address."
  type = map(object({
    room_id    = string
    stream_url = string
    volume     = optional(number, 100)
  }))
}

# Keys come from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.
provider "trtc" {
  region = "ap-singapore"
}

# One ticket for each robot. The application's key comes from
# TRTC_SDK_SECRET_KEY.
ephemeral "trtc_user_sig" "robot" {
  for_each = var.rooms

  sdk_app_id = var.sdk_app_id
  user_id    = "robot-${each.value.room_id}"
}

resource "trtc_stream_ingest" "room" {
  for_each = var.rooms

  sdk_app_id  = var.sdk_app_id
  room_id     = each.value.room_id
  user_id     = "robot-${each.value.room_id}"
  user_sig_wo = ephemeral.trtc_user_sig.robot[each.key].user_sig
  stream_url  = each.value.stream_url
  volume      = each.value.volume
  repeat_num  = -1
}

output "tasks" {
  description = "ID of the running task of each room."
  value       = { for name, task in trtc_stream_ingest.room : name => task.id }
}
