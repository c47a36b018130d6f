terraform {
  backend "http" {}
  required_providers {
    trtc = { source = "bench.invalid/bench/trtc" }
  }
}

variable "tasks" { type = number }
variable "first_room" { type = number }
variable "rate" { type = number }

# The CLI starts a process for each alias.
provider "trtc" {
  alias               = "first"
  region              = "ap-singapore"
  requests_per_second = var.rate
}

provider "trtc" {
  alias               = "second"
  region              = "ap-singapore"
  requests_per_second = var.rate
}

resource "trtc_stream_ingest" "first" {
  count    = var.tasks / 2
  provider = trtc.first

  sdk_app_id = 1400000001
  room_id    = tostring(var.first_room + count.index)
  user_id    = "robot"
  user_sig   = "ticket"
  stream_url = "https://example.com/live.flv"
  repeat_num = -1
}

resource "trtc_stream_ingest" "second" {
  count    = var.tasks / 2
  provider = trtc.second

  sdk_app_id = 1400000001
  room_id    = tostring(var.first_room + var.tasks / 2 + count.index)
  user_id    = "robot"
  user_sig   = "ticket"
  stream_url = "https://example.com/live.flv"
  repeat_num = -1
}
