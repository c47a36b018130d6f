terraform {
  required_version = ">= 1.11"

  required_providers {
    trtc = {
      source = "trtc-community/trtc"
    }
  }
}

# Keys and region come from ~/.tccli/staging.credential and
# ~/.tccli/staging.configure.
provider "trtc" {
  profile = "staging"
}
