data "trtc_stream_ingest" "radio" {
  sdk_app_id = 1400000001
  task_id    = trtc_stream_ingest.radio.task_id
}

check "radio_plays" {
  assert {
    condition     = data.trtc_stream_ingest.radio.status == "InProgress"
    error_message = "The radio has stopped."
  }
}
