# Credentials and region: ~/.tccli/staging.credential and
# ~/.tccli/staging.configure.
provider "trtc" {
  profile = "staging"
}
