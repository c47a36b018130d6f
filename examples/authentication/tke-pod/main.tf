module "radio" {
  source = "github.com/trtc-community/terraform-provider-trtc//examples/modules/radio?ref=v0.2.0"

  sdk_app_id = 1400000001
  streams = {
    radio = {
      room_id    = "1001"
      stream_url = "https://radio.example.com/live.flv"
    }
  }
}
