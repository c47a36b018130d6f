package streamcheck

import (
	"encoding/binary"
	"fmt"
)

// maxFLVTags is how many tags are read: about two seconds. Some servers announce
// a track that does not follow.
const maxFLVTags = 100

// readFLV reads tags until the tracks that the header announces are known.
func readFLV(s *source) (*media, error) {
	m := &media{container: "FLV"}
	header, err := s.bytesAt(0, 9)
	if err != nil {
		return nil, err
	}
	wantVideo, wantAudio := header[4]&1 != 0, header[4]&4 != 0
	if !wantVideo && !wantAudio {
		wantVideo, wantAudio = true, true
	}
	offset := int64(binary.BigEndian.Uint32(header[5:])) + 4
	for tags := 0; (wantVideo || wantAudio) && tags < maxFLVTags && offset < maxRequestBytes; tags++ {
		var tag []byte
		if tag, err = s.bytesAt(offset, 16); err != nil {
			break
		}
		switch {
		case tag[0]&0x1f == 9 && wantVideo:
			m.tracks = append(m.tracks, video(flvVideo(tag[11], string(tag[12:]))))
			wantVideo = false
		case tag[0]&0x1f == 8 && wantAudio:
			m.tracks = append(m.tracks, audio(flvAudio(tag[11], string(tag[12:]))))
			wantAudio = false
		}
		m.encrypted = m.encrypted || tag[0]&0x20 != 0
		offset += 11 + int64(binary.BigEndian.Uint32(tag[:4])&0xffffff) + 4
	}
	switch {
	case len(m.tracks) > 0:
		return m, nil
	case err != nil:
		return nil, err
	default:
		return nil, errNotMedia
	}
}

// flvVideo returns the codec of video data that begins with flags. In enhanced
// FLV, an identifier follows them.
func flvVideo(flags byte, id string) string {
	if flags&0x80 == 0 {
		id = fmt.Sprintf("flv-video:%02x", flags&0xf)
	}
	return codecOf(id).codec
}

// flvAudio returns the codec of audio data that begins with flags.
func flvAudio(flags byte, id string) string {
	const enhanced = 9
	if format := flags >> 4; format != enhanced {
		id = fmt.Sprintf("flv-audio:%02x", format)
	}
	return codecOf(id).codec
}
