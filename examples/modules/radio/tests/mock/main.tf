# Sends one control request to the mock, such as one that ends a task. Each run
# that uses this module in a test sends its own request.
terraform {
  required_version = ">= 1.6"
}

variable "path" {
  description = "Path of the request, such as /_mock/faults."
  type        = string
}

variable "body" {
  description = "Body of the request."
  type        = string
  default     = ""
}

resource "terraform_data" "request" {
  triggers_replace = [var.path, var.body]

  provisioner "local-exec" {
    command = "curl --fail --silent --show-error --data \"$BODY\" \"http://127.0.0.1:8787$REQUEST_PATH\""

    environment = {
      BODY         = var.body
      REQUEST_PATH = var.path
    }
  }
}
