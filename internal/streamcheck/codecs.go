package streamcheck

import (
	"slices"
	"strings"
)

// media holds what a parser found in a stream.
type media struct {
	container string
	tracks    []track // MP3 has none: its container names the codec.
	encrypted bool
}

// track is a video or audio track. Other tracks, such as subtitles, are left
// out.
type track struct {
	kind  string // "video" or "audio"
	codec string // empty if this package does not know the codec
}

// add adds the track of a codec with an identifier. kind is "video", "audio" or,
// if only the identifier tells, empty: add then ignores an unknown identifier.
func (m *media) add(kind, identifier string) {
	t := codecOf(identifier)
	if kind != "" {
		t.kind = kind
	}
	if t.kind != "" {
		m.tracks = append(m.tracks, t)
	}
}

// judge returns what the service does not document about the media. Segments of
// HLS may have containers that are not documented for other streams.
func (m *media) judge(subject string, segment bool) []Finding {
	var found []Finding
	if !segment && slices.Contains([]string{"WebM", "Ogg", "raw AAC"}, m.container) {
		found = append(found, warns(m.container, "%s delivers %s. The service documents the containers "+documentedContainers+". Convert the stream to such a container.", subject, m.container))
	}
	switch {
	case m.encrypted:
		return append(found, warns("encryption", "%s delivers encrypted media, for which the service has no key. Use a stream that is not encrypted.", subject))
	case len(m.tracks) == 0 && m.container != "MP3":
		return append(found, warns("no known track", "%s delivers %s without a video or audio track that this check knows. Test the stream with a player.", subject, m.container))
	}
	for i, t := range m.tracks {
		if t.isDocumented() || slices.Index(m.tracks, t) < i {
			continue
		}
		const advice = "The service documents H.264 and VP8 video, and AAC and Opus audio. Encode the stream with such a codec."
		// The service may use another track of this kind.
		alternative := slices.ContainsFunc(m.tracks, func(other track) bool { return other.kind == t.kind && other.isDocumented() })
		codec := t.codec + " " + t.kind
		switch {
		case t.codec == "":
			found = append(found, warns("unknown "+t.kind+" codec", "%s delivers %s with %s of a codec that this check does not know. "+advice, subject, m.container, t.kind))
		case alternative || strings.HasPrefix(t.codec, "MP3"):
			found = append(found, warns(codec, "%s delivers %s with %s. "+advice, subject, m.container, codec))
		default:
			found = append(found, fails(codec, "%s delivers %s with %s. "+advice, subject, m.container, codec))
		}
	}
	return found
}

// isDocumented reports whether the service documents the codec of t.
func (t track) isDocumented() bool {
	return slices.Contains([]string{"H.264", "VP8", "AAC", "Opus"}, t.codec)
}

// codecOf returns the track of a codec with an identifier, or a zero track if
// the identifier is not known. Identifiers are the four characters of MP4, MOV,
// enhanced FLV and MPEG-TS registrations, the codec IDs of Matroska, the first
// five bytes of Ogg streams, and the numbers of MPEG-TS stream types, MP4 object
// types and FLV.
func codecOf(identifier string) track {
	for _, known := range []struct{ kind, codec, identifiers string }{
		{"video", "H.264", "avc1 avc2 avc3 avc4 dva1 dvav V_MPEG4/ISO/AVC ts:1b flv-video:07"},
		{"video", "VP8", "vp08 V_VP8"},
		{"video", "H.265", "hvc1 hev1 dvh1 dvhe HEVC V_MPEGH/ISO/HEVC ts:24 flv-video:0c"},
		{"video", "VP9", "vp09 V_VP9"},
		{"video", "AV1", "av01 AV01 V_AV1 flv-video:0d"},
		{"video", "MPEG-2", "V_MPEG2 ts:02"},
		{"video", "MPEG-4 Part 2", "mp4v V_MPEG4/ISO/SP V_MPEG4/ISO/ASP V_MPEG4/ISO/AP ts:10"},
		{"video", "H.263", "s263 h263 flv-video:02"},
		{"audio", "AAC", "A_AAC ts:0f ts:11 mp4:40 mp4:66 mp4:67 mp4:68 flv-audio:0a"},
		{"audio", "Opus", "Opus A_OPUS OpusH mp4:ad"},
		{"audio", "MP3", ".mp3 A_MPEG/L3 flv-audio:02 flv-audio:0e"},
		{"audio", "MP3 or MP2", "ts:03 ts:04 mp4:69 mp4:6b"},
		{"audio", "AC-3", "ac-3 AC-3 A_AC3 ts:81 mp4:a5"},
		{"audio", "E-AC-3", "ec-3 EAC3 A_EAC3 ts:87 mp4:a6"},
		{"audio", "DTS", "dtsc dtse dtsh dtsl DTS1 DTS2 DTS3 A_DTS mp4:a9"},
		{"audio", "ALAC", "alac A_ALAC"},
		{"audio", "FLAC", "fLaC A_FLAC \x7fFLAC"},
		{"audio", "Vorbis", "A_VORBIS \x01vorb mp4:dd"},
		{"audio", "PCM", "lpcm sowt twos ipcm fpcm A_PCM/INT/LIT A_PCM/INT/BIG A_PCM/FLOAT/IEEE flv-audio:00 flv-audio:03"},
		{"audio", "G.711", "flv-audio:07 flv-audio:08"},
	} {
		if slices.Contains(strings.Fields(known.identifiers), identifier) {
			return track{known.kind, known.codec}
		}
	}
	return track{}
}
