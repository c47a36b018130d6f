# Temporary credentials come from the metadata service of the CVM instance, which
# this role is bound to.
provider "trtc" {
  region        = "ap-singapore"
  cam_role_name = "radio"
}
