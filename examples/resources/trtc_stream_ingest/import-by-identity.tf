import {
  to = trtc_stream_ingest.radio
  identity = {
    region     = "ap-singapore"
    sdk_app_id = 1400000001
    task_id    = "<task_id>"
  }
}
