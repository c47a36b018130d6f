package provider_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// preflight runs preflight.sh in a directory, with an ffprobe that prints the
// given text, and returns what the script prints.
func preflight(t *testing.T, dir, printed string) (string, error) {
	t.Helper()
	for _, program := range []string{"sh", "jq", "timeout"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("the script needs %s: %v", program, err)
		}
	}
	const streamURL = "https://radio.example.com/live.flv?sign=secret"
	programs := t.TempDir()
	// The last argument must be the URL.
	ffprobe := fmt.Sprintf("#!/bin/sh\nfor last; do :; done\ntest \"$last\" = '%s' || exit 2\ncat <<'END'\n%s\nEND\n", streamURL, printed)
	if err := os.WriteFile(filepath.Join(programs, "ffprobe"), []byte(ffprobe), 0o700); err != nil {
		t.Fatal(err)
	}
	script, err := filepath.Abs(filepath.Join(exampleRoot, "preflight", "preflight.sh"))
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "sh", script)
	command.Dir = dir
	command.Env = []string{"STREAM_URL=" + streamURL, "PATH=" + programs + string(os.PathListSeparator) + os.Getenv("PATH")}
	text, err := command.CombinedOutput()
	if strings.Contains(string(text), "secret") {
		t.Errorf("the script prints the URL: %s", text)
	}
	return string(text), err
}

// probed is what ffprobe prints about streams.
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

// TestExamplePreflight checks that the CI step fails for what exceeds the
// documented limits, and for nothing else.
func TestExamplePreflight(t *testing.T) {
	t.Parallel()
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
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			output, err := preflight(t, dir, test.printed)
			findings, readErr := os.ReadFile(filepath.Join(dir, "preflight.txt"))
			if readErr != nil || string(findings) != test.want || !strings.HasSuffix(output, test.want) {
				t.Errorf("found %q (%v), want %q; printed %s", findings, readErr, test.want, output)
			}
			if failed := err != nil; failed != (test.want != "") {
				t.Errorf("the step failed: %t", failed)
			}
		})
	}
}

// TestAccExamplePreflight checks that the plan warns about the findings of the
// CI step, and still can be applied.
func TestAccExamplePreflight(t *testing.T) {
	t.Parallel()
	const dir = "preflight"
	stage := newExampleStage(t)
	needsOf(t, dir)
	stage.mustRun(t, dir, "init", "-input=false", "-no-color")
	work := filepath.Join(stage.cli(t).Command(t).Dir, "examples", dir)

	for _, test := range []struct {
		printed string
		warns   bool
	}{
		{probed("flv", video("hevc", 1280, 720, "25/1")), true},
		{probed("flv", video("h264", 1280, 720, "25/1")), false},
	} {
		if output, err := preflight(t, work, test.printed); err != nil != test.warns {
			t.Errorf("%v: %s", err, output)
		}
		output := stage.mustRun(t, dir, "plan", "-input=false", "-no-color")
		text := strings.Join(strings.Fields(output.Stdout+output.Stderr), " ")
		if warned := strings.Contains(text, "The stream may not play: video codec hevc, not H.264 or VP8."); warned != test.warns {
			t.Errorf("warned: %t, want %t:\n%s", warned, test.warns, text)
		}
		stage.expectCalls(t)
	}
}
