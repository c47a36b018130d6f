package streamcheck

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
)

// readMP4 reads the sample descriptions of an MP4, MOV or M4A file. It skips
// media data with range requests, so the moov box may be at the end.
func readMP4(s *source) (*media, error) {
	m := &media{container: "MP4"}
	described := false
	err := boxes(s, 0, math.MaxInt64, within("moov", s, func(kind string, start, end int64) (bool, error) {
		if kind != "trak" {
			return false, nil
		}
		described = true
		return false, m.readTrack(s, start, end)
	}))
	if err == nil && !described {
		return nil, errNotMedia
	}
	return m, err
}

// visitFunc gets the type and the content of a box. It reports whether the
// boxes after it are of no interest.
type visitFunc func(kind string, start, end int64) (bool, error)

// boxes calls visit for each box in a range of the file, until visit returns
// true. It returns io.EOF if the file ends before that.
func boxes(s *source, offset, end int64, visit visitFunc) error {
	for offset <= end-8 {
		header, err := s.bytesAt(offset, 8)
		if err != nil {
			return err
		}
		start, size := offset+8, int64(binary.BigEndian.Uint32(header))
		switch size {
		case 0:
			size = end - offset
		case 1:
			long, err := s.bytesAt(start, 8)
			if err != nil {
				return err
			}
			start += 8
			size = int64(binary.BigEndian.Uint64(long)) //nolint:gosec // A negative size is refused below.
		}
		if size < start-offset || size > end-offset {
			return errNotMedia
		}
		if done, err := visit(string(header[4:]), start, offset+size); done || err != nil {
			return err
		}
		offset += size
	}
	return nil
}

// readTrack reads the sample description of a trak box.
func (m *media) readTrack(s *source, start, end int64) error {
	handler := ""
	return boxes(s, start, end, within("mdia", s, func(kind string, start, end int64) (bool, error) {
		switch kind {
		case "hdlr":
			name, err := s.bytesAt(start, 12)
			if err != nil {
				return false, err
			}
			handler = string(name[8:])
		case "minf":
			return true, boxes(s, start, end, within("stbl", s, within("stsd", s, func(kind string, start, end int64) (bool, error) {
				return true, m.readSampleEntry(s, handler, kind, start, end)
			})))
		}
		return false, nil
	}))
}

// within returns a function that visits the children of a box of type parent.
func within(parent string, s *source, visit visitFunc) visitFunc {
	return func(kind string, start, end int64) (bool, error) {
		if kind != parent {
			return false, nil
		}
		if kind == "stsd" {
			start += 8 // version, flags and number of entries
		}
		return true, boxes(s, start, end, visit)
	}
}

// readSampleEntry adds the track that a sample entry describes.
func (m *media) readSampleEntry(s *source, handler, kind string, start, end int64) error {
	if handler != "vide" && handler != "soun" {
		return nil
	}
	t := codecOf(kind)
	switch {
	case kind == "encv" || kind == "enca":
		m.encrypted = true
		return nil
	case kind == "jpeg" || kind == "png ":
		return nil // pictures of chapters
	case handler == "vide":
		t.kind = "video"
	case kind == "mp4a":
		entry, err := s.bytesAt(start, int(min(end-start, 1<<10)))
		if err != nil {
			return err
		}
		t = audio(objectType(entry))
	default:
		t.kind = "audio"
	}
	m.tracks = append(m.tracks, t)
	return nil
}

// objectType returns the codec that the esds box of an mp4a sample entry names.
func objectType(entry []byte) string {
	_, descriptors, found := bytes.Cut(entry, []byte("esds\x00\x00\x00\x00"))
	if !found {
		return "AAC"
	}
	// An ES descriptor, tag 3, begins with an ID and flags. Without flags, the
	// decoder configuration, tag 4, follows and begins with the object type.
	descriptors = descriptorContent(descriptors, 3)
	if len(descriptors) < 3 {
		return ""
	}
	configuration := descriptorContent(descriptors[3:], 4)
	if len(configuration) == 0 {
		return ""
	}
	return codecOf(fmt.Sprintf("mp4:%02x", configuration[0])).codec
}

// descriptorContent returns what follows the tag and the size of an MPEG-4
// descriptor, or nil if data begins with another tag.
func descriptorContent(data []byte, tag byte) []byte {
	if len(data) == 0 || data[0] != tag {
		return nil
	}
	for i := 1; i < min(len(data), 5); i++ {
		if data[i] < 0x80 {
			return data[i+1:]
		}
	}
	return nil
}
