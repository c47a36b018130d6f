package streamcheck

import (
	"net/http"
	"os"
	"strings"
	"testing"
)

// mediaFiles are the files of testdata with the findings of a look, and a text
// that they contain.
var mediaFiles = []struct{ name, want, text string }{
	{name: "h264-aac.flv"},
	{name: "moov-last.mp4"},
	{name: "moov-first.mp4"},
	{name: "fragmented.mp4"},
	{name: "h264-aac.mov"},
	{name: "h264-aac.ts"},
	{name: "h264-aac.mkv"},
	{name: "vp8-opus.mkv"},
	{name: "h264-opus.mp4"},
	{name: "h264-opus.ts"},
	{name: "aac.m4a"},
	{name: "audio.mp3"},
	{name: "id3.mp3"},
	{name: "master.m3u8"},
	{name: "media.m3u8"},
	{name: "fmp4.m3u8"},
	{name: "audio.m3u8"},
	{name: "segment-0.ts"},
	{name: "init.mp4"},

	{"mp3.mp4", "warns codec", "MP3 or MP2 audio"},
	{"mp3.flv", "warns codec", "FLV with MP3 audio"},
	{"mp3.mkv", "warns codec", "MKV with MP3 audio"},
	{"mp3.ts", "warns codec", "MPEG-TS with MP3 or MP2 audio"},
	{"raw.aac", "warns container", "raw AAC"},
	{"segment-0.aac", "warns container", "raw AAC"},
	{"vp8-opus.webm", "warns container", "WebM"},
	{"opus.ogg", "warns container", "Ogg"},
	{"pcm.wav", "warns unrecognized", "audio/wave"},
	{"encrypted.mp4", "warns encrypted", "encrypted media"},
	{"encrypted.m3u8", "warns encrypted", "encrypted segments"},

	{"h265.mp4", "fails codec", "MP4 with H.265 video"},
	{"h265.mkv", "fails codec", "MKV with H.265 video"},
	{"h265.ts", "fails codec", "MPEG-TS with H.265 video"},
	{"vp9.webm", "warns container, fails codec", "WebM with VP9 video"},
	{"vp9.mp4", "fails codec", "VP9 video"},
	{"av1.mp4", "fails codec", "AV1 video"},
	{"av1.mkv", "fails codec", "AV1 video"},
	{"mpeg4.mp4", "fails codec", "MPEG-4 Part 2 video"},
	{"mpeg2.ts", "fails codec", "MPEG-2 video"},
	{"h263.flv", "fails codec", "H.263 video"},
	{"ac3.mp4", "fails codec", "AC-3 audio"},
	{"ac3.ts", "fails codec", "AC-3 audio"},
	{"eac3.ts", "fails codec", "E-AC-3 audio"},
	{"flac.mkv", "fails codec", "FLAC audio"},
	{"vorbis.ogg", "warns container, fails codec", "Ogg with Vorbis audio"},
	{"alac.m4a", "fails codec", "ALAC audio"},
	{"image.png", "fails image", "image"},
	{"image.jpg", "fails image", "image"},
	{"manifest.mpd", "fails dash", "MPEG-DASH"},
	{"README.md", "warns unrecognized", "does not begin like"},
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
			found, read, requests := server.measure(t, file.name)
			expect(t, found, file.want)
			text := ""
			for _, f := range found {
				text += f.Text
			}
			if !strings.Contains(text, file.text) {
				t.Errorf("text = %q, want %q in it", text, file.text)
			}
			t.Logf("| %s | %s | %d | %d |", file.name, summary(t, found), read, requests)
		})
	}
}

func TestLook_Response(t *testing.T) {
	t.Parallel()
	head := func(status int, fields ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(fields); i += 2 {
				w.Header().Set(fields[i], fields[i+1])
			}
			w.WriteHeader(status)
		}
	}
	h264, h265 := string(readFile(t, "h264-aac.flv")), string(readFile(t, "h265.ts"))
	cases := map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"404":                        {head(404), "fails http_status"},
		"410":                        {head(410), "fails http_status"},
		"401":                        {head(401), "warns http_status"},
		"403":                        {head(403), "warns http_status"},
		"429":                        {head(429), "warns http_status"},
		"500":                        {head(500), "warns http_status"},
		"503":                        {head(503), "warns http_status"},
		"304 without a location":     {head(304), "warns http_status"},
		"204":                        {head(204), "fails empty"},
		"empty":                      {serve(""), "fails empty"},
		"web page":                   {serve("\n<!DOCTYPE html><html></html>"), "fails web_page"},
		"web page with a BOM":        {serve("\xef\xbb\xbf<html></html>"), "fails web_page"},
		"XHTML":                      {serve("<?xml version='1.0'?><HTML></HTML>"), "fails web_page"},
		"DASH without a declaration": {serve("<MPD></MPD>"), "fails dash"},
		"text":                       {serve("stream offline"), "warns unrecognized"},
		"binary":                     {serve("\x00\x01\x02\x03"), "warns unrecognized"},
		"BMP or something else":      {serve("BM\x01\x02\x03"), "warns unrecognized"},
		"playlist without media":     {serve("#EXTM3U\n#EXT-X-TARGETDURATION:4\n"), "fails no_media"},
		"playlist of playlists":      {serve("#EXTM3U\nhttp://media.example.com/next"), "warns unrecognized"},
		"playlist of files":          {serve("#EXTM3U\nfile:///etc/passwd"), "warns redirect_scheme"},
		"playlist of text":           {serve("#EXTM3U\nhttp://[" + canary), "warns unrecognized"},
		"FLV begins within a tag":    {serve("FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00"), "warns incomplete"},
		"FLV without announcement":   {serve("FLV\x01\x00" + h264[5:]), ""},
		"FLV with H.265":             {serve("FLV\x01\x01\x00\x00\x00\x09\x00\x00\x00\x00\x09\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x1c\x00\x00\x00\x00\x00\x00\x00\x10"), "fails codec"},
		"FLV with enhanced AV1":      {serve("FLV\x01\x01\x00\x00\x00\x09\x00\x00\x00\x00\x09\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x90av01\x00\x00\x00\x10"), "fails codec"},
		"TS begins within a packet":  {serve(h265[100:]), "fails codec"},
		"MP4 that ends early":        {serve(string(readFile(t, "moov-first.mp4")[:700])), "warns incomplete"},
		"MP4 without ranges":         {serve("\x00\x10\x00\x00mdat" + strings.Repeat("x", 1<<20)), "warns incomplete"},
		"MKV that ends early":        {serve(string(readFile(t, "h264-aac.mkv")[:100])), "warns incomplete"},
		"MP3 begins within a frame":  {serve(string(readFile(t, "audio.mp3")[50:])), ""},
		"AAC after a long ID3 tag":   {serve("ID3\x04\x00\x00\x00\x00\x46\x28" + strings.Repeat("\x00", 9000) + string(readFile(t, "raw.aac"))), "warns container"},
		"two audio tracks":           {serve(twoAudioTracks), "warns codec"},
		"MP4 with text only":         {serve(strings.NewReplacer("vide", "text", "soun", "text").Replace(string(readFile(t, "moov-first.mp4")))), "warns no_media"},
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
	for other, want := range map[string]string{"": "fails codec", "#EXT-X-STREAM-INF:BANDWIDTH=1\nh264-aac.ts\n": "warns codec"} {
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

// twoAudioTracks is the beginning of an MPEG-TS with AC-3 and AAC.
var twoAudioTracks = tsPacket("\x47\x40\x00\x10\x00"+"\x00\xb0\x0d\x00\x01\xc1\x00\x00\x00\x01\xf0\x00\x2a\xb1\x04\xb2") +
	tsPacket("\x47\x50\x00\x10\x00"+"\x02\xb0\x17\x00\x01\xc1\x00\x00\xe1\x00\xf0\x00\x81\xe1\x00\xf0\x00\x0f\xe1\x01\xf0\x00\x6e\xf1\x39\x39")

// tsPacket pads a packet.
func tsPacket(content string) string {
	return content + strings.Repeat("\xff", packetSize-len(content))
}
