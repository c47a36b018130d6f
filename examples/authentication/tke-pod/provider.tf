# Everything comes from the variables that TKE sets in the pod.
provider "trtc" {
  region          = "ap-singapore"
  enable_pod_oidc = true
}
