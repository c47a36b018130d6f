package streamcheck

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/asticode/go-astits"
)

// packetSize is the size of an MPEG-TS packet, which begins with syncByte.
const (
	packetSize = 188
	syncByte   = 0x47
)

// isMPEGTS reports whether data that begins with head is MPEG-TS. A live stream
// can begin within a packet.
func isMPEGTS(head []byte) bool { return packetStart(head) >= 0 }

// packetStart returns where the first packet begins, or -1.
func packetStart(head []byte) int {
	for start := range min(packetSize, len(head)) {
		packets := 0
		for i := start; i < len(head) && head[i] == syncByte; i += packetSize {
			packets++
		}
		if rest := len(head) - start; packets > 0 && packets == (rest+packetSize-1)/packetSize && (packets > 1 || rest == packetSize) {
			return start
		}
	}
	return -1
}

// readMPEGTS reads packets up to the first program map.
func readMPEGTS(s *source) (*media, error) {
	head, err := s.first(512)
	if err != nil {
		return nil, err
	}
	m := &media{container: "MPEG-TS"}
	start := int64(packetStart(head))
	demuxer := astits.NewDemuxer(s.ctx, io.NewSectionReader(s, start, maxRequestBytes-start),
		astits.DemuxerOptPacketSize(packetSize),
		// Only packets of elementary streams are scrambled.
		astits.DemuxerOptPacketSkipper(func(packet *astits.Packet) bool {
			m.encrypted = m.encrypted || packet.Header.TransportScramblingControl != 0
			return false
		}))
	for {
		data, err := demuxer.NextData()
		switch {
		case errors.Is(err, astits.ErrNoMorePackets):
			return nil, errNotMedia
		case err != nil:
			return nil, err
		case data.PMT != nil:
			for _, stream := range data.PMT.ElementaryStreams {
				if t := tsTrack(stream); t.kind != "" {
					m.tracks = append(m.tracks, t)
				}
			}
			return m, nil
		}
	}
}

// tsTrack returns the track of an elementary stream, or a zero track if the
// stream is neither video nor audio.
func tsTrack(stream *astits.PMTElementaryStream) track {
	if t := codecOf(fmt.Sprintf("ts:%02x", uint8(stream.StreamType))); t.kind != "" {
		return t
	}
	for _, descriptor := range stream.ElementaryStreamDescriptors {
		switch {
		case descriptor.AC3 != nil:
			return audio("AC-3")
		case descriptor.EnhancedAC3 != nil:
			return audio("E-AC-3")
		case descriptor.Registration != nil:
			id := binary.BigEndian.AppendUint32(nil, descriptor.Registration.FormatIdentifier)
			return codecOf(string(id))
		}
	}
	return track{}
}
