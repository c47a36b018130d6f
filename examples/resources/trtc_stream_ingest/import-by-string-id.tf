import {
  to = trtc_stream_ingest.radio
  id = "ap-singapore/1400000001/<task_id>"
}
