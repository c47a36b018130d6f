terraform {
  required_providers {
    trtc = {
      source  = "trtc-community/trtc"
      version = "~> 0.2.0"
    }
  }
}

variable "lobby_key" {
  description = "SDKSecretKey of application 1400000001."
  type        = string
  sensitive   = true
}

variable "stage_key" {
  description = "SDKSecretKey of application 1400000002."
  type        = string
  sensitive   = true
}

# Each key signs for its own application only: sdk_app_id makes any other use
# an error.
provider "trtc" {
  alias          = "lobby"
  region         = "ap-singapore"
  sdk_app_id     = 1400000001
  sdk_secret_key = var.lobby_key
}

provider "trtc" {
  alias          = "stage"
  region         = "ap-singapore"
  sdk_app_id     = 1400000002
  sdk_secret_key = var.stage_key
}

resource "trtc_stream_ingest" "lobby" {
  provider = trtc.lobby

  sdk_app_id = 1400000001
  room_id    = "1001"
  user_id    = "radio"
  stream_url = "https://radio.example.com/lobby.flv"
}

resource "trtc_stream_ingest" "stage" {
  provider = trtc.stage

  sdk_app_id = 1400000002
  room_id    = "1001"
  user_id    = "radio"
  stream_url = "https://radio.example.com/stage.flv"
}
