# The pipeline sets TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN.
provider "trtc" {
  region = "ap-singapore"

  assume_role_with_web_identity {
    provider_id  = "gitlab"
    role_arn     = "qcs::cam::uin/100000000001:roleName/radio"
    session_name = "terraform"
  }
}
