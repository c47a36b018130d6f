action "trtc_stream_ingest_stop" "orphaned" {
  config {
    region     = "ap-singapore"
    sdk_app_id = 1400000001
    task_id    = "<TaskId of the orphaned task>"
  }
}
