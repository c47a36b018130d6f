variable "sdk_app_id" {
  description = "SdkAppId of the TRTC application."
  type        = number

  validation {
    condition     = var.sdk_app_id >= 1 && var.sdk_app_id <= 4294967295 && floor(var.sdk_app_id) == var.sdk_app_id
    error_message = "sdk_app_id must be a whole number from 1 to 4294967295."
  }
}

variable "streams" {
  description = "The streams, by a stable name. The name is part of the resource's address and the default of user_id."
  type = map(object({
    room_id      = string
    room_id_type = optional(number, 1)
    user_id      = optional(string)
    stream_url   = string
    volume       = optional(number, 100)
    paused       = optional(bool, false)
    max_duration = optional(number)
  }))

  validation {
    condition     = alltrue([for name, stream in var.streams : can(regex("^[a-zA-Z0-9_-]{1,32}$", coalesce(stream.user_id, name)))])
    error_message = "user_id, or the name of the stream without one, must have 1 to 32 characters of a-z, A-Z, 0-9, _ and -."
  }

  validation {
    condition     = length(distinct([for name, stream in var.streams : "${stream.room_id_type}/${stream.room_id}/${coalesce(stream.user_id, name)}"])) == length(var.streams)
    error_message = "Two streams have the same room and user."
  }

  validation {
    condition     = alltrue([for stream in var.streams : can(regex("^(https?|rtmp)://", stream.stream_url))])
    error_message = "stream_url must be an http, https or rtmp URL."
  }
}

variable "region" {
  description = "Access region. Default: the provider's region."
  type        = string
  default     = null
}

variable "permission_control" {
  description = "Whether the application has advanced permission control enabled, so that each robot also needs a PrivateMapKey."
  type        = bool
  default     = false
}
