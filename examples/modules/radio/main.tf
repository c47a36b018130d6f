resource "trtc_stream_ingest" "stream" {
  for_each = var.streams

  region               = var.region
  sdk_app_id           = var.sdk_app_id
  room_id              = each.value.room_id
  room_id_type         = each.value.room_id_type
  user_id              = coalesce(each.value.user_id, each.key)
  mint_private_map_key = var.permission_control
  stream_url           = each.value.stream_url
  repeat_num           = -1
  max_duration         = each.value.max_duration
  volume               = each.value.volume
  paused               = each.value.paused
  on_task_end          = "recreate"
}
