provider "trtc" {
  endpoint   = "http://127.0.0.1:8787"
  secret_id  = "AKIDmock"
  secret_key = "mock-secret-key"
  region     = "ap-singapore"
}

variables {
  sdk_app_id = 1400000001
  streams    = { stage = { room_id = "1003", stream_url = "https://radio.example.com/stage.flv" } }
}

run "starts_the_stage" {
  assert {
    condition     = output.statuses == { stage = "InProgress" }
    error_message = "The stage is not in progress."
  }
}

run "ends_the_stage" {
  module {
    source = "./tests/mock"
  }

  variables {
    path = "/_mock/tasks/finish?id=${urlencode(run.starts_the_stage.task_ids["stage"])}"
  }
}

# The next start is refused once. The provider retries it.
run "fails_one_start" {
  module {
    source = "./tests/mock"
  }

  variables {
    path = "/_mock/faults"
    body = jsonencode([{ action = "StartStreamIngest", kind = "code", code = "RequestLimitExceeded" }])
  }
}

run "starts_the_ended_stage_again" {
  assert {
    condition     = output.statuses == { stage = "InProgress" } && output.task_ids != run.starts_the_stage.task_ids
    error_message = "The stream was not started again."
  }
}
