terraform {
  backend "http" {}
  required_providers {
    trtc = { source = "bench.invalid/bench/trtc" }
  }
}

variable "tasks" { type = number }
variable "first_room" { type = number }
variable "rate" { type = number }

provider "trtc" {
  region              = "ap-singapore"
  requests_per_second = var.rate
}

# The ticket is a plain value, so that minting tickets is not measured.
resource "trtc_stream_ingest" "bench" {
  count = var.tasks

  sdk_app_id = 1400000001
  room_id    = tostring(var.first_room + count.index)
  user_id    = "robot"
  user_sig   = "ticket"
  stream_url = "https://example.com/live.flv"
  repeat_num = -1
}
