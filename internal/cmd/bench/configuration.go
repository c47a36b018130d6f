package main

import "fmt"

// region and sdkAppID are where all tasks run.
const (
	region   = "ap-singapore"
	sdkAppID = 1400000001

	// unhurried is a rate at which pacing makes nobody wait.
	unhurried = 1000
)

// streamIngests is a configuration of many tasks. The ticket is a plain value:
// making tickets is measured on its own.
func streamIngests(tasks, firstRoom, requestsPerSecond int, backend string) string {
	return fmt.Sprintf(`terraform {
  required_providers {
    trtc = { source = "trtc-community/trtc" }
  }
  %s
}

provider "trtc" {
  region              = %q
  requests_per_second = %d
}

resource "trtc_stream_ingest" "bench" {
  count      = %d
  sdk_app_id = %d
  room_id    = tostring(%d + count.index)
  user_id    = "robot"
  user_sig   = "ticket"
  stream_url = "https://example.com/live.flv"
  repeat_num = -1
}
`, backend, region, requestsPerSecond, tasks, sdkAppID, firstRoom)
}

// builtIns is as many of the CLI's built-in resource, with as much in each.
func builtIns(count int) string {
	return fmt.Sprintf(`resource "terraform_data" "bench" {
  count = %d
  input = {
    sdk_app_id = %d
    room_id    = tostring(1 + count.index)
    user_id    = "robot"
    user_sig   = "ticket"
    stream_url = "https://example.com/live.flv"
    repeat_num = -1
  }
}
`, count, sdkAppID)
}
