variable "sdk_app_id" {
  description = "SdkAppId of the TRTC application."
  type        = number
}

variable "room_id" {
  description = "The room, by its 32-bit integer ID."
  type        = string
}

variable "stream_url" {
  description = "The stream to play, an http, https or rtmp URL."
  type        = string
}

variable "user_id" {
  description = "Name of the robot in the room. It must differ from every other user there."
  type        = string
  default     = "radio"
}

variable "region" {
  description = "Access region. Default: the provider's."
  type        = string
  default     = null
}

variable "volume" {
  description = "Volume, 0 to 100."
  type        = number
  default     = 100

  validation {
    condition     = var.volume >= 0 && var.volume <= 100
    error_message = "The volume goes from 0 to 100."
  }
}
