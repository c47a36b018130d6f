# Keys come from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, the region
# from TENCENTCLOUD_REGION.
provider "trtc" {}
