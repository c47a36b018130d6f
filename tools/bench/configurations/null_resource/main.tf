terraform {
  backend "http" {}
  required_providers {
    null = { source = "bench.invalid/bench/null" }
  }
}

variable "tasks" { type = number }

resource "null_resource" "bench" {
  count = var.tasks
}
