package streamcheck

import (
	"errors"
	"slices"
	"strings"
)

// errNotMedia means that data breaks the rules of its container.
var errNotMedia = errors.New("the data is not valid for its container")

// media is what a parser found in a stream.
type media struct {
	container string
	tracks    []track
	encrypted bool
}

// track is a video or audio track. Other tracks, such as subtitles, are left
// out.
type track struct {
	kind  string // "video" or "audio"
	codec string // empty if this package does not know the codec
}

func video(codec string) track { return track{kind: "video", codec: codec} }
func audio(codec string) track { return track{kind: "audio", codec: codec} }

// judge returns what the service does not document about the media. Segments of
// HLS may have containers that are not documented for other streams.
func (m *media) judge(subject string, segment bool) []Finding {
	var found []Finding
	if !segment && slices.Contains([]string{"WebM", "Ogg", "raw AAC"}, m.container) {
		found = append(found, warns(Container, "%s delivers %s. The service documents the containers FLV, MP3, MP4, MPEG-TS, MOV, MKV, M4A and HLS. Convert the stream to such a container.", subject, m.container))
	}
	if m.encrypted {
		return append(found, warns(Encrypted, "%s delivers encrypted media, for which the service has no key. Use a stream that is not encrypted.", subject))
	}
	if len(m.tracks) == 0 {
		return append(found, warns(NoMedia, "%s delivers %s without a video or audio track that this check knows. Test the stream with a player.", subject, m.container))
	}
	for i, t := range m.tracks {
		if t.isDocumented() || slices.Index(m.tracks, t) < i || m.container == "MP3" {
			continue
		}
		// The service may use another track of this kind.
		alternative := slices.ContainsFunc(m.tracks, func(other track) bool { return other.kind == t.kind && other.isDocumented() })
		const advice = "The service documents H.264 and VP8 video, and AAC and Opus audio. Encode the stream with such a codec."
		switch {
		case t.codec == "":
			found = append(found, warns(Codec, "%s delivers %s with %s of a codec that this check does not know. "+advice, subject, m.container, t.kind))
		case alternative || t.codec == "MP3" || t.codec == "MP3 or MP2":
			found = append(found, warns(Codec, "%s delivers %s with %s %s. "+advice, subject, m.container, t.codec, t.kind))
		default:
			found = append(found, fails(Codec, "%s delivers %s with %s %s. "+advice, subject, m.container, t.codec, t.kind))
		}
	}
	return found
}

// isDocumented reports whether the service documents the codec of t.
func (t track) isDocumented() bool {
	return slices.Contains([]track{video("H.264"), video("VP8"), audio("AAC"), audio("Opus")}, t)
}

// knownCodecs lists codecs with their identifiers: the four characters of MP4,
// MOV, enhanced FLV and MPEG-TS registrations, the codec IDs of Matroska, the
// first bytes of Ogg streams, and the numbers of MPEG-TS stream types, MP4
// object types and FLV.
func knownCodecs() []knownCodec {
	return []knownCodec{
		{video("H.264"), "avc1 avc2 avc3 avc4 dva1 dvav V_MPEG4/ISO/AVC ts:1b flv-video:07"},
		{video("VP8"), "vp08 V_VP8 OVP80"},
		{video("H.265"), "hvc1 hev1 dvh1 dvhe HEVC V_MPEGH/ISO/HEVC ts:24 flv-video:0c"},
		{video("H.266"), "vvc1 vvi1 ts:33"},
		{video("VP9"), "vp09 V_VP9"},
		{video("AV1"), "av01 AV01 V_AV1 flv-video:0d"},
		{video("MPEG-1"), "V_MPEG1 ts:01"},
		{video("MPEG-2"), "V_MPEG2 ts:02"},
		{video("MPEG-4 Part 2"), "mp4v V_MPEG4/ISO/SP V_MPEG4/ISO/ASP V_MPEG4/ISO/AP ts:10"},
		{video("H.263"), "s263 h263 flv-video:02"},
		{video("VP6"), "flv-video:04 flv-video:05"},
		{video("Screen Video"), "flv-video:03 flv-video:06"},
		{video("ProRes"), "apcn apch apcs apco ap4h ap4x V_PRORES"},
		{video("Theora"), "V_THEORA \x80theora"},
		{audio("AAC"), "A_AAC ts:0f ts:11 mp4:40 mp4:66 mp4:67 mp4:68 flv-audio:0a"},
		{audio("Opus"), "Opus A_OPUS OpusHead mp4:ad"},
		{audio("MP3"), ".mp3 A_MPEG/L3 flv-audio:02 flv-audio:0e"},
		{audio("MP3 or MP2"), "ts:03 ts:04 mp4:69 mp4:6b"},
		{audio("MP2"), "A_MPEG/L1 A_MPEG/L2"},
		{audio("AC-3"), "ac-3 AC-3 A_AC3 ts:81 mp4:a5"},
		{audio("E-AC-3"), "ec-3 EAC3 A_EAC3 ts:87 mp4:a6"},
		{audio("DTS"), "dtsc dtse dtsh dtsl DTS1 DTS2 DTS3 A_DTS mp4:a9"},
		{audio("ALAC"), "alac A_ALAC"},
		{audio("FLAC"), "fLaC A_FLAC \x7fFLAC"},
		{audio("Vorbis"), "A_VORBIS \x01vorbis mp4:dd"},
		{audio("AMR"), "samr sawb"},
		{audio("PCM"), "lpcm sowt twos ipcm fpcm A_PCM/INT/LIT A_PCM/INT/BIG A_PCM/FLOAT/IEEE flv-audio:00 flv-audio:03"},
		{audio("ADPCM"), "flv-audio:01"},
		{audio("Speex"), "Speex flv-audio:0b"},
		{audio("Nellymoser"), "flv-audio:04 flv-audio:05 flv-audio:06"},
		{audio("G.711"), "flv-audio:07 flv-audio:08"},
	}
}

type knownCodec struct {
	track
	ids string // separated by spaces
}

// codecOf returns the track of a codec with an identifier, or a zero track if
// the identifier is not known.
func codecOf(id string) track {
	for _, known := range knownCodecs() {
		if slices.Contains(strings.Fields(known.ids), id) {
			return known.track
		}
	}
	return track{}
}
