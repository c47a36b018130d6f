terraform {
  required_version = ">= 1.2"

  required_providers {
    time = {
      source  = "hashicorp/time"
      version = "~> 0.13"
    }
    trtc = {
      source  = "trtc-community/trtc"
      version = "~> 0.2.0"
    }
  }
}

resource "time_rotating" "restart" {
  rotation_days = 6
}

# After a rotation, time_rotating is created anew, which replace_triggered_by
# does not count as a change. time_static is replaced.
resource "time_static" "restart" {
  rfc3339 = time_rotating.restart.rfc3339
}

resource "trtc_stream_ingest" "radio" {
  sdk_app_id   = 1400000001
  room_id      = "1001"
  user_id      = "radio"
  stream_url   = "https://radio.example.com/live.flv"
  repeat_num   = -1
  max_duration = 10080 # 7 days

  lifecycle {
    replace_triggered_by = [time_static.restart]
  }
}
