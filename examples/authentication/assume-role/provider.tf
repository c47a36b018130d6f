# The provider assumes this role with the credentials from the environment.
provider "trtc" {
  region = "ap-singapore"

  assume_role {
    role_arn         = "qcs::cam::uin/100000000001:roleName/radio"
    session_name     = "terraform"
    session_duration = 3600
  }
}
