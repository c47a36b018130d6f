rooms = {
  lobby = {
    room_id    = "1001"
    stream_url = "https://media.example.com/lobby.flv"
  }
  garden = {
    room_id    = "1002"
    stream_url = "https://media.example.com/garden.flv"
  }
  stage = {
    room_id    = "1003"
    stream_url = "rtmp://media.example.com/live/stage"
    volume     = 80
  }
}
