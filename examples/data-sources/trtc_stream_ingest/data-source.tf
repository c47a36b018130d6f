data "trtc_stream_ingest" "radio" {
  sdk_app_id = 1400000001
  task_id    = trtc_stream_ingest.radio.task_id
}

check "radio" {
  assert {
    condition     = data.trtc_stream_ingest.radio.status == "InProgress"
    error_message = "The task of the radio has ended."
  }
}
