terraform {
  backend "http" {}
}

variable "tasks" { type = number }

resource "terraform_data" "bench" {
  count = var.tasks
  input = count.index
}
