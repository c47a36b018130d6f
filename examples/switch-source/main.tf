terraform {
  required_version = ">= 1.11"

  required_providers {
    trtc = {
      source = "trtc-community/trtc"
    }
  }
}

variable "sources" {
  description = "The streams in the room, each under a name that stays."
  type        = map(string)
  default = {
    studio = "https://radio.example.com/studio.flv"
  }
}

variable "on_air" {
  description = "Name of the source that is heard. The others run at volume 0."
  type        = string
  default     = "studio"

  validation {
    condition     = contains(keys(var.sources), var.on_air)
    error_message = "on_air must be the name of one of the sources."
  }
}

# Keys come from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.
provider "trtc" {
  region = "ap-singapore"
}

# The application's key comes from TRTC_SDK_SECRET_KEY.
ephemeral "trtc_user_sig" "source" {
  for_each = var.sources

  sdk_app_id = 1400000001
  user_id    = "radio-${each.key}"
}

# A robot of its own for each source, all in one room.
resource "trtc_stream_ingest" "source" {
  for_each = var.sources

  sdk_app_id  = 1400000001
  room_id     = "1001"
  user_id     = "radio-${each.key}"
  user_sig_wo = ephemeral.trtc_user_sig.source[each.key].user_sig
  stream_url  = each.value
  repeat_num  = -1
  volume      = each.key == var.on_air ? 100 : 0
}
