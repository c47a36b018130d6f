package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// preflight runs preflight.sh in the example, with an ffprobe that prints the given
// text, and returns what the script prints.
func (s *exampleStage) preflight(t *testing.T, printed string) (string, error) {
	t.Helper()
	const streamURL = "https://radio.example.com/live.flv?sign=secret"
	programs := t.TempDir()
	// The last argument must be the URL.
	ffprobe := fmt.Sprintf("#!/bin/sh\nfor last; do :; done\ntest \"$last\" = '%s' || exit 2\ncat <<'END'\n%s\nEND\n", streamURL, printed)
	if err := os.WriteFile(filepath.Join(programs, "ffprobe"), []byte(ffprobe), 0o700); err != nil {
		t.Fatal(err)
	}
	text, err := s.script(t, "preflight.sh", "STREAM_URL="+streamURL, "PATH="+programs+string(os.PathListSeparator)+os.Getenv("PATH"))
	if strings.Contains(text, "secret") {
		t.Errorf("the script prints the URL: %s", text)
	}
	return text, err
}

// probed holds what ffprobe prints about streams.
func probed(format string, streams ...string) string {
	return fmt.Sprintf(`{"programs": [], "streams": [%s], "format": {"format_name": %q}}`, strings.Join(streams, ","), format)
}

func video(codec string, width, height int, rate string) string {
	return fmt.Sprintf(`{"codec_name": %q, "codec_type": "video", "width": %d, "height": %d, "avg_frame_rate": %q, "disposition": {"attached_pic": 0}}`,
		codec, width, height, rate)
}

func audio(codec string) string {
	return fmt.Sprintf(`{"codec_name": %q, "codec_type": "audio", "avg_frame_rate": "0/0", "disposition": {"attached_pic": 0}}`, codec)
}

// TestAccExamplePreflight checks that the CI step fails for what exceeds the
// documented limits, and for nothing else, and that the plan warns about it.
func TestAccExamplePreflight(t *testing.T) {
	t.Parallel()
	stage := newExampleStage(t, "preflight")
	stage.run(t, "init")
	cover := strings.Replace(video("mjpeg", 3000, 3000, "90000/1"), `"attached_pic": 0`, `"attached_pic": 1`, 1)
	for name, test := range map[string]struct{ printed, want string }{
		"live":           {probed("flv", video("h264", 1920, 1080, "30/1"), audio("aac")), ""},
		"upright":        {probed("mov,mp4,m4a,3gp,3g2,mj2", video("h264", 1080, 1920, "30000/1001"), audio("aac")), ""},
		"VP8 and Opus":   {probed("matroska,webm", video("vp8", 640, 360, "0/0"), audio("opus")), ""},
		"audio only":     {probed("hls", audio("aac")), ""},
		"MP3 with cover": {probed("mp3", audio("mp3"), cover), ""},
		"captions":       {probed("mpegts", audio("aac"), `{"codec_type": "data"}`), ""},
		"H.265":          {probed("mpegts", video("hevc", 1280, 720, "25/1"), audio("aac")), "video codec hevc, not H.264 or VP8\n"},
		"MP3 in MP4":     {probed("mov,mp4,m4a,3gp,3g2,mj2", audio("mp3")), "audio codec mp3, not AAC or Opus\n"},
		"too much": {
			probed("flv", video("h264", 3840, 2160, "60/1"), audio("ac3")),
			"3840x2160, more than 1080p\n60/1 frames per second, more than 30\naudio codec ac3, not AAC or Opus\n",
		},
		"too wide":  {probed("flv", video("h264", 2560, 1080, "25/1")), "2560x1080, more than 1080p\n"},
		"no rate":   {probed("flv", `{"codec_name": "h264", "codec_type": "video"}`), ""},
		"subtitles": {probed("srt", `{"codec_name": "subrip", "codec_type": "subtitle"}`), "no audio and no video\n"},
		"404": {
			`{"error": {"code": -875574520, "string": "Server returned 404 Not Found"}}`,
			"ffprobe cannot read the stream: Server returned 404 Not Found\n",
		},
		"killed": {`{`, "ffprobe gave no result within a minute\n"},
		"silent": {``, "ffprobe gave no result within a minute\n"},
	} {
		output, err := stage.preflight(t, test.printed)
		findings := stage.cli.Read(t, "examples/preflight/preflight.txt")
		if findings != test.want || !strings.HasSuffix(output, test.want) || (err != nil) != (test.want != "") {
			t.Errorf("%s: found %q, want %q; error %v; printed %s", name, findings, test.want, err, output)
		}
	}
	for codec, warns := range map[string]bool{"hevc": true, "h264": false} {
		_, _ = stage.preflight(t, probed("flv", video(codec, 1280, 720, "25/1")))
		output := stage.run(t, "plan").Text()
		if warned := strings.Contains(output, "The stream may not play: video codec hevc, not H.264 or VP8."); warned != warns {
			t.Errorf("%s: warned: %t, want %t: %s", codec, warned, warns, output)
		}
	}
	stage.world.ExpectJournal(t)
}
