package streamcheck

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/asticode/go-astits"
	"github.com/at-wat/ebml-go"
)

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
	// Some servers announce a track that does not follow. 100 tags are about two
	// seconds.
	for tags := 0; (wantVideo || wantAudio) && tags < 100 && offset < maxRequestBytes; tags++ {
		var tag []byte
		if tag, err = s.bytesAt(offset, 16); err != nil {
			break
		}
		const enhancedVideo, enhancedAudio = 0x80, 9
		flags, id := tag[11], string(tag[12:]) // Only enhanced FLV has an identifier.
		switch {
		case tag[0]&0x1f == 9 && wantVideo:
			if flags&enhancedVideo == 0 {
				id = fmt.Sprintf("flv-video:%02x", flags&0xf)
			}
			m.add("video", id)
			wantVideo = false
		case tag[0]&0x1f == 8 && wantAudio:
			if flags>>4 != enhancedAudio {
				id = fmt.Sprintf("flv-audio:%02x", flags>>4)
			}
			m.add("audio", id)
			wantAudio = false
		}
		offset += 11 + int64(binary.BigEndian.Uint32(tag[:4])&0xffffff) + 4
	}
	switch {
	case len(m.tracks) > 0:
		return m, nil
	case err != nil:
		return nil, err
	default:
		return nil, errUnreadable
	}
}

// readMatroska reads up to the tracks of an MKV or WebM file.
func readMatroska(s *source) (*media, error) {
	var file struct {
		Header struct {
			DocType string `ebml:"EBMLDocType"`
		} `ebml:"EBML"`
		Segment struct {
			Tracks struct {
				TrackEntry []struct {
					TrackType uint64 `ebml:"TrackType"`
					CodecID   string `ebml:"CodecID"`
				} `ebml:"TrackEntry"`
			} `ebml:"Tracks,stop"`
		} `ebml:"Segment"`
	}
	err := ebml.Unmarshal(io.NewSectionReader(s, 0, maxRequestBytes), &file, ebml.WithIgnoreUnknown(true), ebml.WithMaxLeafElementSize(maxRequestBytes))
	if !errors.Is(err, ebml.ErrReadStopped) {
		return nil, errUnreadable
	}
	m := &media{container: "MKV"}
	if file.Header.DocType == "webm" {
		m.container = "WebM"
	}
	for _, entry := range file.Segment.Tracks.TrackEntry {
		id := entry.CodecID
		if strings.HasPrefix(id, "A_AAC/") { // Old files add a profile.
			id = "A_AAC"
		}
		switch entry.TrackType {
		case 1:
			m.add("video", id)
		case 2:
			m.add("audio", id)
		}
	}
	return m, nil
}

// packetSize is the size of an MPEG-TS packet.
const packetSize = 188

// packetStart returns where the first packet of MPEG-TS begins, or -1. A live
// stream can begin within a packet.
func packetStart(head []byte) int {
	for start := range min(packetSize, max(0, len(head)-2*packetSize)) {
		if head[start] == 0x47 && head[start+packetSize] == 0x47 && head[start+2*packetSize] == 0x47 {
			return start
		}
	}
	return -1
}

// readMPEGTS reads packets up to the first program map.
func readMPEGTS(s *source, start int) (*media, error) {
	demuxer := astits.NewDemuxer(s.ctx, io.NewSectionReader(s, int64(start), int64(maxRequestBytes-start)), astits.DemuxerOptPacketSize(packetSize))
	for {
		data, err := demuxer.NextData()
		switch {
		case errors.Is(err, astits.ErrNoMorePackets):
			return nil, errUnreadable
		case err != nil:
			return nil, err
		case data.PMT != nil:
			m := &media{container: "MPEG-TS"}
			for _, stream := range data.PMT.ElementaryStreams {
				m.add("", tsCodec(stream))
			}
			return m, nil
		}
	}
}

// tsCodec returns the identifier of the codec of an elementary stream: its type,
// or a descriptor of a private type.
func tsCodec(stream *astits.PMTElementaryStream) string {
	for _, descriptor := range stream.ElementaryStreamDescriptors {
		switch {
		case stream.StreamType != astits.StreamTypePrivateData:
		case descriptor.AC3 != nil:
			return "ac-3"
		case descriptor.EnhancedAC3 != nil:
			return "ec-3"
		case descriptor.Registration != nil:
			return string(binary.BigEndian.AppendUint32(nil, descriptor.Registration.FormatIdentifier))
		}
	}
	return fmt.Sprintf("ts:%02x", uint8(stream.StreamType))
}

// readOgg reads the beginning of the first packet, which names the codec.
func readOgg(head []byte) (*media, error) {
	m := &media{container: "Ogg"}
	if len(head) >= 33 {
		m.add("", string(head[28:33]))
	}
	return m, nil
}

// readAudio returns a raw stream of MP3 or AAC frames, which may have an ID3
// tag before it, or nil. A live stream can begin within a frame.
func readAudio(s *source, head []byte) (*media, error) {
	hasTag := bytes.HasPrefix(head, []byte("ID3")) && len(head) >= 10
	start := int64(0)
	switch {
	case hasTag:
		// A size has 7 bits in each byte.
		start = 10 + int64(head[6]&0x7f)<<21 + int64(head[7]&0x7f)<<14 + int64(head[8]&0x7f)<<7 + int64(head[9]&0x7f)
	case http.DetectContentType(head) != "application/octet-stream":
		return nil, nil //nolint:nilnil // Not known, as identify says.
	}
	data, err := s.bytesAt(start, 8<<10)
	if err != nil && !isUnreadable(err) {
		return nil, err
	}
	// All frames of a stream begin with the same two bytes, and 8 KiB have five
	// frames at least.
	haveFrames := func(secondBytes string) bool {
		return slices.ContainsFunc([]byte(secondBytes), func(second byte) bool {
			return bytes.Count(data, []byte{0xff, second}) >= 4
		})
	}
	switch {
	case haveFrames("\xf0\xf1\xf8\xf9"):
		m := &media{container: "raw AAC"}
		m.add("", "A_AAC")
		return m, nil
	case hasTag, haveFrames("\xe2\xe3\xf2\xf3\xfa\xfb"):
		// An ID3 tag of pictures can be longer than what a server returns.
		return &media{container: "MP3"}, nil
	default:
		return nil, nil //nolint:nilnil // Not known, as identify says.
	}
}
