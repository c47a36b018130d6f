# TKE sets the TKE_ variables in the pod.
provider "trtc" {
  region          = "ap-singapore"
  enable_pod_oidc = true
}
