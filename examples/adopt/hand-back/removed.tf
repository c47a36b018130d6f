# Replaces the resource block: Terraform forgets the task, which keeps playing.
removed {
  from = trtc_stream_ingest.radio

  lifecycle {
    destroy = false
  }
}
