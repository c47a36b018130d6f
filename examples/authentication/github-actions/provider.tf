variable "token_file" {
  description = "File that holds the token of this workflow run."
  type        = string
}

provider "trtc" {
  region = "ap-singapore"

  assume_role_with_web_identity {
    provider_id             = "github"
    role_arn                = "qcs::cam::uin/100000000001:roleName/radio"
    session_name            = "terraform"
    web_identity_token_file = var.token_file
  }
}
