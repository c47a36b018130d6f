# Temporary keys come from the metadata of the CVM instance, which has this role
# bound to it.
provider "trtc" {
  region        = "ap-singapore"
  cam_role_name = "radio"
}
