terraform {
  required_version = ">= 1.11"

  required_providers {
    trtc = {
      source  = "trtc-community/trtc"
      version = "~> 0.2.0"
    }
  }
}

variable "user_sig" {
  description = "UserSig of the robot, from the team that holds the SDKSecretKey."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "signed_url" {
  description = "URL of the stream, with its signature."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "signed_url_version" {
  description = "Increase it when signed_url changes: the provider then sends the new URL to the running task."
  type        = number
  default     = 1
}

# Credentials: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.
provider "trtc" {
  region = "ap-singapore"
}

resource "trtc_stream_ingest" "radio" {
  sdk_app_id            = 1400000001
  room_id               = "1001"
  user_id               = "radio"
  user_sig_wo           = var.user_sig
  stream_url_wo         = var.signed_url
  stream_url_wo_version = var.signed_url_version
  repeat_num            = -1
}
