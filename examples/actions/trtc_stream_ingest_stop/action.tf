action "trtc_stream_ingest_stop" "stray" {
  config {
    region     = "ap-singapore"
    sdk_app_id = 1400000001
    task_id    = "<the TaskId of the stray task>"
  }
}
