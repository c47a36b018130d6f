terraform {
  required_version = ">= 1.9"

  required_providers {
    trtc = {
      source  = "trtc-community/trtc"
      version = "~> 0.2.0"
    }
  }
}

variable "sources" {
  description = "The streams in the room, by a stable name."
  type        = map(string)
  default = {
    studio = "https://radio.example.com/studio.flv"
  }
}

variable "on_air" {
  description = "Name of the source that is audible. The others play at volume 0."
  type        = string
  default     = "studio"

  validation {
    condition     = contains(keys(var.sources), var.on_air)
    error_message = "on_air must be the name of one of the sources."
  }
}

# Credentials: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY. The key that
# signs the robot's login ticket: TRTC_SDK_SECRET_KEY.
provider "trtc" {
  region = "ap-singapore"
}

# One robot for each source, all in the same room.
resource "trtc_stream_ingest" "source" {
  for_each = var.sources

  sdk_app_id = 1400000001
  room_id    = "1001"
  user_id    = "radio-${each.key}"
  stream_url = each.value
  repeat_num = -1
  volume     = each.key == var.on_air ? 100 : 0
}
