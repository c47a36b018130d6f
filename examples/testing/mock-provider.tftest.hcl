mock_provider "trtc" {
  mock_resource "trtc_stream_ingest" {
    defaults = { status = "InProgress" }
  }
}

variables {
  sdk_app_id = 1400000001
  streams    = { lobby = { room_id = "1001", stream_url = "https://radio.example.com/lobby.flv" } }
}

run "starts_the_lobby" {
  assert {
    condition     = output.statuses == { lobby = "InProgress" }
    error_message = "The lobby is not in progress."
  }
}
