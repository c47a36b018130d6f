# The endpoint is part of the test, so that it cannot reach a real account. It
# needs the mock of the service on this port.
provider "trtc" {
  endpoint   = "http://127.0.0.1:8787"
  secret_id  = "AKIDmock"
  secret_key = "mock-secret-key"
  region     = "ap-singapore"
}

variables {
  sdk_app_id = 1400000001
  streams = {
    lobby = { room_id = "1001", stream_url = "https://radio.example.com/lobby.flv" }
    stage = { room_id = "1002", stream_url = "rtmp://radio.example.com/live/stage", volume = 80 }
  }
}

run "starts_every_stream" {
  assert {
    condition     = output.statuses == { lobby = "InProgress", stage = "InProgress" }
    error_message = "Not every stream is in progress: ${jsonencode(output.statuses)}."
  }

  assert {
    condition     = startswith(output.ids["lobby"], "ap-singapore/1400000001/")
    error_message = "Unexpected ID: ${output.ids["lobby"]}."
  }
}

run "changes_the_volume_in_place" {
  variables {
    streams = {
      lobby = { room_id = "1001", stream_url = "https://radio.example.com/lobby.flv", volume = 40 }
      stage = { room_id = "1002", stream_url = "rtmp://radio.example.com/live/stage", volume = 80 }
    }
  }

  assert {
    condition     = output.task_ids == run.starts_every_stream.task_ids
    error_message = "A task was replaced."
  }

  assert {
    condition     = trtc_stream_ingest.stream["lobby"].volume == 40
    error_message = "The volume is ${trtc_stream_ingest.stream["lobby"].volume}."
  }
}

run "stops_one_stream_only" {
  variables {
    streams = {
      stage = { room_id = "1002", stream_url = "rtmp://radio.example.com/live/stage", volume = 80 }
    }
  }

  assert {
    condition     = output.task_ids == { stage = run.starts_every_stream.task_ids["stage"] }
    error_message = "The other stream was replaced."
  }
}

run "rejects_two_streams_with_one_user" {
  command = plan

  variables {
    streams = {
      a = { room_id = "1001", user_id = "radio", stream_url = "https://radio.example.com/a.flv" }
      b = { room_id = "1001", user_id = "radio", stream_url = "https://radio.example.com/b.flv" }
    }
  }

  expect_failures = [var.streams]
}
