#!/bin/sh
# Compares the media of STREAM_URL with the documented limits of stream ingest.
# Writes what exceeds them to preflight.txt and fails if there is anything. The
# output never contains the URL.
set -eu

media=$(timeout 60 ffprobe -v quiet -show_error -of json \
  -show_entries format=format_name:stream=codec_type,codec_name,width,height,avg_frame_rate:stream_disposition=attached_pic \
  "$STREAM_URL") || true

printf '%s' "$media" | jq --raw-output --null-input '
  def rate: split("/") | map(tonumber) | if .[1] == 0 then 0 else .[0] / .[1] end;
  input
  | .format.format_name as $format
  | [.streams // [] | .[] | select(.disposition.attached_pic != 1)] as $streams
  | if .error then "ffprobe cannot read the stream: \(.error.string)"
    elif ($streams | any(.codec_type == "video" or .codec_type == "audio") | not) then "no audio and no video"
    else
      $streams[]
      | if .codec_type == "video" then
          (select(.codec_name | IN("h264", "vp8") | not) | "video codec \(.codec_name), not H.264 or VP8"),
          (select(([.width, .height] | min) > 1080 or ([.width, .height] | max) > 1920) | "\(.width)x\(.height), more than 1080p"),
          (select((.avg_frame_rate // "0/0" | rate) > 30) | "\(.avg_frame_rate) frames per second, more than 30")
        elif .codec_type == "audio" then
          select((.codec_name | IN("aac", "opus")) or (.codec_name == "mp3" and $format == "mp3") | not)
          | "audio codec \(.codec_name), not AAC or Opus"
        else empty end
    end' > preflight.txt || echo "ffprobe gave no result within a minute" > preflight.txt

cat preflight.txt
test ! -s preflight.txt
