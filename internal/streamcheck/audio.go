package streamcheck

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// readAudio returns a raw stream of MP3 or AAC frames, which may have an ID3
// tag before it, or nil. A live stream can begin within a frame.
func readAudio(s *source, head []byte) (*media, error) {
	start := int64(0)
	hasTag := bytes.HasPrefix(head, []byte("ID3")) && len(head) >= 10
	if hasTag {
		// A size has 7 bits in each byte.
		start = 10 + int64(head[6]&0x7f)<<21 + int64(head[7]&0x7f)<<14 + int64(head[8]&0x7f)<<7 + int64(head[9]&0x7f)
	}
	data, err := s.bytesAt(start, 8<<10)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, errNoRange) {
		return nil, err
	}
	switch {
	case beginsFrames(data, adtsFrame):
		return &media{container: "raw AAC", tracks: []track{audio("AAC")}}, nil
	case hasTag, beginsFrames(data, mp3Frame):
		// An ID3 tag of pictures can be longer than what a server returns.
		return &media{container: "MP3", tracks: []track{audio("MP3")}}, nil
	default:
		return nil, nil //nolint:nilnil // Not known, as identify says.
	}
}

// beginsFrames reports whether data has three frames in a row, or fewer if data
// ends with them. size returns the size of the frame at the beginning of its
// argument, or 0.
func beginsFrames(data []byte, size func([]byte) int) bool {
	for start := range data {
		frames, next := 0, start
		for frames < 3 && next < len(data) {
			length := size(data[next:])
			if length == 0 {
				break
			}
			frames++
			next += length
		}
		if frames == 3 || frames > 0 && next == len(data) {
			return true
		}
	}
	return false
}

// adtsFrame returns the size of an AAC frame with an ADTS header.
func adtsFrame(data []byte) int {
	if len(data) < 7 || data[0] != 0xff || data[1]&0xf6 != 0xf0 || data[2]>>2&0xf > 12 {
		return 0
	}
	size := int(data[3]&3)<<11 | int(data[4])<<3 | int(data[5])>>5
	if size < 7 {
		return 0
	}
	return size
}

// mp3Frame returns the size of a frame of MPEG audio, layer III.
func mp3Frame(data []byte) int {
	if len(data) < 4 || data[0] != 0xff || data[1]&0xe6 != 0xe2 {
		return 0
	}
	version, bitrate, rate := data[1]>>3&3, data[2]>>4, data[2]>>2&3
	if version == 1 || bitrate == 0 || bitrate == 15 || rate == 3 {
		return 0
	}
	kilobits := [...]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}[bitrate]
	hertz, factor := [...]int{44100, 48000, 32000}[rate], 72
	switch version {
	case 3: // MPEG-1
		kilobits = [...]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}[bitrate]
		factor = 144
	case 2: // MPEG-2
		hertz /= 2
	default: // MPEG-2.5
		hertz /= 4
	}
	return factor*1000*kilobits/hertz + int(data[2]>>1&1)
}

// readOgg reads the first packet of each track, which are at the beginning.
func readOgg(s *source) (*media, error) {
	m := &media{container: "Ogg"}
	for offset := int64(0); offset < maxRequestBytes-(27+255+8); {
		page, err := s.bytesAt(offset, 27)
		const firstPage = 2
		if err != nil || string(page[:4]) != "OggS" || page[5]&firstPage == 0 {
			break
		}
		segments, err := s.bytesAt(offset+27, int(page[26]))
		if err != nil {
			return nil, err
		}
		offset += 27 + int64(len(segments))
		packet, err := s.bytesAt(offset, 8)
		if err != nil {
			return nil, err
		}
		for _, length := range []int{8, 7, 5} {
			if t := codecOf(strings.TrimRight(string(packet[:length]), " ")); t.kind != "" {
				m.tracks = append(m.tracks, t)
				break
			}
		}
		for _, size := range segments {
			offset += int64(size)
		}
	}
	if len(m.tracks) == 0 {
		return nil, errNotMedia
	}
	return m, nil
}
