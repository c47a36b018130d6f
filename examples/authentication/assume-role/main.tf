module "radio" {
  source = "../../modules/radio"

  sdk_app_id = 1400000001
  streams = {
    radio = {
      room_id    = "1001"
      stream_url = "https://radio.example.com/live.flv"
    }
  }
}
