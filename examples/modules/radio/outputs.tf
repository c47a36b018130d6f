output "id" {
  description = "ID of the running task, as an import takes it."
  value       = trtc_stream_ingest.radio.id
}

output "task_id" {
  description = "TaskId of the running task."
  value       = trtc_stream_ingest.radio.task_id
}

output "status" {
  description = "InProgress while the radio plays, NotExist once it has ended."
  value       = data.trtc_stream_ingest.radio.status
}
