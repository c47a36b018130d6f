# The keys that were found, here those of the environment, take on this role.
provider "trtc" {
  region = "ap-singapore"

  assume_role = {
    role_arn         = "qcs::cam::uin/100000000001:roleName/radio"
    session_name     = "terraform"
    session_duration = 3600
  }
}
