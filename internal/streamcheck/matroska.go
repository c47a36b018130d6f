package streamcheck

import (
	"errors"
	"strings"

	"github.com/at-wat/ebml-go"
)

// matroska is what this package needs of an MKV or WebM file.
type matroska struct {
	Header struct {
		DocType string `ebml:"EBMLDocType"`
	} `ebml:"EBML"`
	Segment struct {
		Tracks struct {
			TrackEntry []struct {
				TrackType        uint64           `ebml:"TrackType"`
				CodecID          string           `ebml:"CodecID"`
				ContentEncodings contentEncodings `ebml:"ContentEncodings"`
			} `ebml:"TrackEntry"`
		} `ebml:"Tracks,stop"`
	} `ebml:"Segment"`
}

type contentEncodings struct {
	ContentEncoding []struct {
		ContentEncryption []struct {
			ContentEncAlgo uint64 `ebml:"ContentEncAlgo"`
		} `ebml:"ContentEncryption"`
	} `ebml:"ContentEncoding"`
}

// readMatroska reads up to the tracks of an MKV or WebM file.
func readMatroska(s *source) (*media, error) {
	var file matroska
	err := ebml.Unmarshal(s.reader(), &file, ebml.WithIgnoreUnknown(true), ebml.WithMaxLeafElementSize(maxRequestBytes))
	switch {
	case err != nil && !errors.Is(err, ebml.ErrReadStopped):
		return nil, errNotMedia
	case err == nil && len(file.Segment.Tracks.TrackEntry) == 0:
		return nil, errNotMedia
	}
	m := &media{container: "MKV"}
	if file.Header.DocType == "webm" {
		m.container = "WebM"
	}
	for _, entry := range file.Segment.Tracks.TrackEntry {
		for _, encoding := range entry.ContentEncodings.ContentEncoding {
			m.encrypted = m.encrypted || len(encoding.ContentEncryption) > 0
		}
		switch entry.TrackType {
		case 1:
			m.tracks = append(m.tracks, video(matroskaCodec(entry.CodecID)))
		case 2:
			m.tracks = append(m.tracks, audio(matroskaCodec(entry.CodecID)))
		}
	}
	return m, nil
}

// matroskaCodec returns the codec with an identifier, or an empty text.
func matroskaCodec(id string) string {
	// Old files add a profile, as in A_AAC/MPEG4/LC.
	for _, base := range []string{"A_AAC", "A_DTS"} {
		if strings.HasPrefix(id, base+"/") {
			id = base
		}
	}
	return codecOf(id).codec
}
