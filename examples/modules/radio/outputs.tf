output "ids" {
  description = "Import ID of each task."
  value       = { for name, task in trtc_stream_ingest.stream : name => task.id }
}

output "task_ids" {
  description = "TaskId of each task."
  value       = { for name, task in trtc_stream_ingest.stream : name => task.task_id }
}

output "statuses" {
  description = "Status of each task at the last refresh: InProgress or NotExist."
  value       = { for name, task in trtc_stream_ingest.stream : name => task.status }
}
