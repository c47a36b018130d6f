# The endpoint is written down here, so that these tests can never reach a real
# account: they need a mock on this port.
provider "trtc" {
  endpoint   = "http://127.0.0.1:8787"
  secret_id  = "AKIDmock"
  secret_key = "mock-secret-key"
  region     = "ap-singapore"
}

variables {
  sdk_app_id = 1400000001
  room_id    = "1001"
  stream_url = "https://radio.example.com/live.flv"
}

run "starts" {
  assert {
    condition     = output.status == "InProgress"
    error_message = "The radio does not play."
  }

  assert {
    condition     = startswith(output.id, "ap-singapore/1400000001/")
    error_message = "The radio is in the wrong place: ${output.id}."
  }
}

run "turns_down_without_a_restart" {
  variables {
    volume  = 40
    started = run.starts.task_id
  }

  assert {
    condition     = output.task_id == var.started
    error_message = "The radio was started anew."
  }

  assert {
    condition     = trtc_stream_ingest.radio.volume == 40
    error_message = "The radio plays at volume ${trtc_stream_ingest.radio.volume}."
  }
}

run "refuses_a_volume_that_is_too_loud" {
  command = plan

  variables {
    volume = 101
  }

  expect_failures = [var.volume]
}
