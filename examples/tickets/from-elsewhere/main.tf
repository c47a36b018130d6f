terraform {
  required_version = ">= 1.11"

  required_providers {
    trtc = {
      source = "trtc-community/trtc"
    }
  }
}

variable "user_sig" {
  description = "The robot's UserSig, from the team that keeps the application's key."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "signed_url" {
  description = "The stream, with the secret that its URL holds."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "signed_url_version" {
  description = "Raise it when the signed URL is another one: then the running task is switched over to it."
  type        = number
  default     = 1
}

# Keys come from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.
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
