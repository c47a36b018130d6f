terraform {
  backend "http" {}
  required_providers {
    random = { source = "bench.invalid/bench/random" }
  }
}

variable "tasks" { type = number }

resource "random_password" "bench" {
  count  = var.tasks
  length = 16
}
