package streamcheck

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
)

// mp4 reads the sample descriptions of an MP4, MOV or M4A file.
type mp4 struct {
	*source

	media   media
	handler string // of the track that is being read
}

// readMP4 reads up to the end of the moov box. It skips media data with range
// requests, so the box may be at the end.
func readMP4(s *source) (*media, error) {
	file := mp4{source: s, media: media{container: "MP4"}}
	err := file.readBoxes("", 0, math.MaxInt64)
	return &file.media, err
}

// readBoxes reads the boxes in a range of the file, which is the content of a box
// of type parent. It returns io.EOF if the file ends before that.
func (f *mp4) readBoxes(parent string, offset, end int64) error {
	for offset <= end-8 {
		header, err := f.bytesAt(offset, 8)
		if err != nil {
			return err
		}
		kind, start, size := string(header[4:]), offset+8, int64(binary.BigEndian.Uint32(header))
		switch size {
		case 0:
			size = end - offset
		case 1:
			long, err := f.bytesAt(start, 8)
			if err != nil {
				return err
			}
			start += 8
			size = int64(binary.BigEndian.Uint64(long)) //nolint:gosec // A negative size is refused below.
		}
		if size < start-offset || size > end-offset {
			return errUnreadable
		}
		offset += size
		switch parent + "/" + kind {
		case "/moov":
			return f.readBoxes(kind, start, offset)
		case "moov/trak", "trak/mdia", "mdia/minf", "minf/stbl":
			err = f.readBoxes(kind, start, offset)
		case "mdia/hdlr":
			var content []byte
			if content, err = f.bytesAt(start, 12); err == nil {
				f.handler = string(content[8:])
			}
		case "stbl/stsd":
			err = f.readBoxes(kind, start+8, offset) // after version, flags and number
		default:
			if parent == "stsd" {
				err = f.readSampleEntry(kind, start, offset)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// readSampleEntry adds the track that a sample entry describes.
func (f *mp4) readSampleEntry(kind string, start, end int64) error {
	track := map[string]string{"vide": "video", "soun": "audio"}[f.handler]
	switch {
	case track == "":
		return nil
	case kind == "encv", kind == "enca":
		f.media.encrypted = true
		return nil
	case kind == "mp4a":
		entry, err := f.bytesAt(start, int(min(end-start, 1<<10)))
		if err != nil {
			return err
		}
		kind = "mp4:" + objectType(entry)
	}
	f.media.add(track, kind)
	return nil
}

// objectType returns the hexadecimal number that the esds box of an mp4a sample
// entry has for the codec, or an empty text.
func objectType(entry []byte) string {
	_, descriptors, found := bytes.Cut(entry, []byte("esds\x00\x00\x00\x00"))
	if !found {
		return "40" // AAC
	}
	// A size may have bytes 0x80 before it. An ES descriptor is tag 3, size, ID
	// and flags. Without flags, the decoder configuration follows: tag 4, size and
	// object type.
	descriptors = bytes.ReplaceAll(descriptors, []byte{0x80}, nil)
	if len(descriptors) < 8 || descriptors[0] != 3 || descriptors[5] != 4 {
		return ""
	}
	return fmt.Sprintf("%02x", descriptors[7])
}
