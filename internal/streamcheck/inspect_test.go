package streamcheck

import (
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/asticode/go-astits"
)

// mediaFiles are the files of testdata with the findings of a look.
var mediaFiles = []struct{ name, want string }{
	{"h264-aac.flv", ""},
	{"moov-last.mp4", ""},
	{"moov-first.mp4", ""},
	{"fragmented.mp4", ""},
	{"h264-aac.mov", ""},
	{"h264-aac.ts", ""},
	{"h264-aac.mkv", ""},
	{"vp8-opus.mkv", ""},
	{"h264-opus.mp4", ""},
	{"h264-opus.ts", ""},
	{"opus.ts", ""},
	{"aac.m4a", ""},
	{"audio.mp3", ""},
	{"id3.mp3", ""},
	{"master.m3u8", ""},
	{"media.m3u8", ""},
	{"fmp4.m3u8", ""},
	{"audio.m3u8", ""},
	{"segment-0.ts", ""},
	{"init.mp4", ""},

	{"mp3.mp4", "warns MP3 or MP2 audio"},
	{"mp3.flv", "warns MP3 audio"},
	{"mp3.mkv", "warns MP3 audio"},
	{"mp3.ts", "warns MP3 or MP2 audio"},
	{"raw.aac", "warns raw AAC"},
	{"segment-0.aac", "warns raw AAC"},
	{"vp8-opus.webm", "warns WebM"},
	{"opus.ogg", "warns Ogg"},
	{"pcm.wav", "warns unknown format"},
	{"encrypted.mp4", "warns encryption"},
	{"encrypted.m3u8", "warns encryption"},

	{"h265.mp4", "fails H.265 video"},
	{"h265.mkv", "fails H.265 video"},
	{"h265.ts", "fails H.265 video"},
	{"vp9.webm", "warns WebM, fails VP9 video"},
	{"vp9.mp4", "fails VP9 video"},
	{"av1.mp4", "fails AV1 video"},
	{"av1.mkv", "fails AV1 video"},
	{"mpeg4.mp4", "fails MPEG-4 Part 2 video"},
	{"mpeg2.ts", "fails MPEG-2 video"},
	{"h263.flv", "fails H.263 video"},
	{"ac3.mp4", "fails AC-3 audio"},
	{"ac3.ts", "fails AC-3 audio"},
	{"eac3.ts", "fails E-AC-3 audio"},
	{"flac.mkv", "fails FLAC audio"},
	{"vorbis.ogg", "warns Ogg, fails Vorbis audio"},
	{"alac.m4a", "fails ALAC audio"},
	{"image.png", "fails image"},
	{"image.jpg", "fails image"},
	{"manifest.mpd", "fails MPEG-DASH"},
	{"README.md", "warns unknown format"},
}

func TestLook_Media(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, file := range files {
		if !file.IsDir() {
			count++
		}
	}
	if count != len(mediaFiles) {
		t.Errorf("%d files of %d in testdata are tested", len(mediaFiles), count)
	}
	server := newOrigin(t, serveFile)
	for _, file := range mediaFiles {
		t.Run(file.name, func(t *testing.T) {
			t.Parallel()
			found, _, _ := server.measure(t, file.name)
			expect(t, found, file.want)
		})
	}
}

func TestLook_Response(t *testing.T) {
	t.Parallel()
	status := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	}
	h264, h265 := string(readFile(t, "h264-aac.flv")), string(readFile(t, "h265.ts"))
	cases := map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"404":                        {status(404), "fails HTTP status 404"},
		"401":                        {status(401), "warns HTTP status 401"},
		"403":                        {status(403), "warns HTTP status 403"},
		"500":                        {status(500), "warns HTTP status 500"},
		"ICY":                        {raw(t, func(c net.Conn) { _, _ = io.WriteString(c, "ICY 200 OK\r\nicy-name: "+canary+"\r\n\r\n") }), "warns incomplete HTTP response"},
		"204":                        {status(204), "fails empty response"},
		"empty":                      {serve(""), "fails empty response"},
		"web page":                   {serve("\n<!DOCTYPE html><html></html>"), "fails web page"},
		"web page with a BOM":        {serve("\xef\xbb\xbf<html></html>"), "fails web page"},
		"playlist with a BOM":        {serve("\xef\xbb\xbf#EXTM3U\n"), "fails playlist without media"},
		"XHTML":                      {serve("<?xml version='1.0'?><HTML></HTML>"), "fails web page"},
		"DASH without a declaration": {serve("<MPD></MPD>"), "fails MPEG-DASH"},
		"text":                       {serve("stream offline"), "warns unknown format"},
		"binary":                     {serve("\x00\x01\x02\x03"), "warns unknown format"},
		"playlist without media":     {serve("#EXTM3U\n#EXT-X-TARGETDURATION:4\n"), "fails playlist without media"},
		"playlist in the clear":      {serve("#EXTM3U\n#EXT-X-KEY:METHOD=NONE\n"), "fails playlist without media"},
		"playlist of playlists":      {serve("#EXTM3U\nhttp://media.example.com/next"), "warns playlist without URL of media"},
		"playlist of files":          {serve("#EXTM3U\nfile:///etc/passwd"), "warns playlist without URL of media"},
		"playlist of text":           {serve("#EXTM3U\nhttp://[" + canary), "warns playlist without URL of media"},
		"FLV begins within a tag":    {serve("FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00"), "warns unknown codecs"},
		"FLV without announcement":   {serve("FLV\x01\x00" + h264[5:]), ""},
		"FLV with H.265":             {serve("FLV\x01\x01\x00\x00\x00\x09\x00\x00\x00\x00\x09\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x1c\x00\x00\x00\x00\x00\x00\x00\x10"), "fails H.265 video"},
		"FLV with enhanced AV1":      {serve("FLV\x01\x01\x00\x00\x00\x09\x00\x00\x00\x00\x09\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x90av01\x00\x00\x00\x10"), "fails AV1 video"},
		"TS begins within a packet":  {serve(h265[100:]), "fails H.265 video"},
		"MP4 that ends early":        {serve(string(readFile(t, "moov-first.mp4")[:700])), "warns unknown codecs"},
		"MP4 without ranges":         {serve("\x00\x10\x00\x00mdat" + strings.Repeat("x", 1<<20)), "warns unknown codecs"},
		"MKV that ends early":        {serve(string(readFile(t, "h264-aac.mkv")[:100])), "warns unknown codecs"},
		"MP3 begins within a frame":  {serve(string(readFile(t, "audio.mp3")[50:])), ""},
		"AAC after a long ID3 tag":   {serve("ID3\x04\x00\x00\x00\x00\x46\x28" + strings.Repeat("\x00", 9000) + string(readFile(t, "raw.aac"))), "warns raw AAC"},
		"two audio tracks":           {serve(twoAudioTracks), "warns AC-3 audio"},
		"MP4 with text only":         {serve(strings.NewReplacer("vide", "text", "soun", "text").Replace(string(readFile(t, "moov-first.mp4")))), "warns no known track"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expect(t, newOrigin(t, c.handler).look(t), c.want)
		})
	}
}

// TestLook_Variants checks that the first of several variants does not fail: the
// service may play another one.
func TestLook_Variants(t *testing.T) {
	t.Parallel()
	for other, want := range map[string]string{"": "fails H.265 video", "#EXT-X-STREAM-INF:BANDWIDTH=1\nh264-aac.ts\n": "warns H.265 video"} {
		server := newOrigin(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/live" {
				serve("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=2\nh265.ts\n"+other)(w, r)
				return
			}
			serveFile(w, r)
		})
		expect(t, server.look(t), want)
	}
}

// TestTSCodec checks streams of a private type, as DVB has them: only a descriptor
// names the codec.
func TestTSCodec(t *testing.T) {
	t.Parallel()
	for want, descriptor := range map[string]astits.Descriptor{
		"ac-3":  {AC3: &astits.DescriptorAC3{}},
		"ec-3":  {EnhancedAC3: &astits.DescriptorEnhancedAC3{}},
		"ts:06": {},
	} {
		stream := astits.PMTElementaryStream{StreamType: astits.StreamTypePrivateData, ElementaryStreamDescriptors: []*astits.Descriptor{&descriptor}}
		if got := tsCodec(&stream); got != want {
			t.Errorf("codec of %+v = %q, want %q", descriptor, got, want)
		}
	}
}

// twoAudioTracks is the beginning of an MPEG-TS with AC-3 and AAC.
var twoAudioTracks = tsPacket("\x47\x40\x00\x10\x00"+"\x00\xb0\x0d\x00\x01\xc1\x00\x00\x00\x01\xf0\x00\x2a\xb1\x04\xb2") +
	tsPacket("\x47\x50\x00\x10\x00"+"\x02\xb0\x17\x00\x01\xc1\x00\x00\xe1\x00\xf0\x00\x81\xe1\x00\xf0\x00\x0f\xe1\x01\xf0\x00\x6e\xf1\x39\x39") + tsPacket("\x47\x1f\xff\x10")

// tsPacket pads a packet.
func tsPacket(content string) string {
	return content + strings.Repeat("\xff", packetSize-len(content))
}
