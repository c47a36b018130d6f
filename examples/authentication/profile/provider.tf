# Keys and region come from ~/.tccli/staging.credential and
# ~/.tccli/staging.configure.
provider "trtc" {
  profile = "staging"
}
