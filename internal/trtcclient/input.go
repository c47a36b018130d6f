package trtcclient

import "github.com/trtc-community/terraform-provider-trtc/internal/secret"

// StartInput holds the parameters of StartStreamIngest. A nil pointer or empty
// string is not sent.
type StartInput struct {
	// SdkAppID is the application: 1 to 4294967295.
	SdkAppID uint64
	// RoomID is the room: by RoomIDType a decimal from 1 to 4294967295, or 1 to
	// 64 bytes of the string-room set.
	RoomID string
	// RoomIDType is 0 for a string room, 1 for a 32-bit integer room.
	RoomIDType int64
	// UserID is the relay robot: 1 to 32 of a-zA-Z0-9_-.
	UserID string
	// UserSig is the robot's login ticket.
	UserSig secret.Text
	// PrivateMapKey is the room-entry ticket, for applications with advanced
	// permission control.
	PrivateMapKey secret.Text
	// StreamURL is the media stream; its query may hold a secret.
	StreamURL secret.Text
	// SeekSecond is the start position in seconds, from 0.
	SeekSecond *int64
	// AutoPush also relays to the CDN.
	AutoPush *bool
	// RepeatNum is -1 (endless) or 1 to 1000 plays.
	RepeatNum *int64
	// MaxDuration is 1 to 10080 minutes, effective only with RepeatNum -1.
	MaxDuration *int64
	// Volume is 0 to 100; 100 is the original volume.
	Volume *int64
}

// UpdateInput holds the parameters of UpdateStreamIngest. What is nil or empty
// is not sent; whether the service then keeps its value is not documented.
type UpdateInput struct {
	// StreamURL replaces the media stream. Sending the same URL again may
	// restart playback.
	StreamURL secret.Text
	// Volume is 0 to 100.
	Volume *int64
	// IsPause pauses (true) or resumes (false).
	IsPause *bool
}

// startParameters is StartInput as it goes on the wire.
type startParameters struct {
	SdkAppID      uint64 `json:"SdkAppId"`
	RoomID        string `json:"RoomId"`
	RoomIDType    int64  `json:"RoomIdType"`
	UserID        string `json:"UserId"`
	UserSig       string `json:"UserSig"`
	StreamURL     string `json:"StreamUrl,omitempty"`
	PrivateMapKey string `json:"PrivateMapKey,omitempty"`
	SeekSecond    *int64 `json:"SeekSecond,omitempty"`
	AutoPush      *bool  `json:"AutoPush,omitempty"`
	RepeatNum     *int64 `json:"RepeatNum,omitempty"`
	MaxDuration   *int64 `json:"MaxDuration,omitempty"`
	Volume        *int64 `json:"Volume,omitempty"`
}

func (in StartInput) parameters() startParameters {
	return startParameters{
		SdkAppID:      in.SdkAppID,
		RoomID:        in.RoomID,
		RoomIDType:    in.RoomIDType,
		UserID:        in.UserID,
		UserSig:       in.UserSig.Reveal(),
		StreamURL:     in.StreamURL.Reveal(),
		PrivateMapKey: in.PrivateMapKey.Reveal(),
		SeekSecond:    in.SeekSecond,
		AutoPush:      in.AutoPush,
		RepeatNum:     in.RepeatNum,
		MaxDuration:   in.MaxDuration,
		Volume:        in.Volume,
	}
}

// updateParameters is UpdateInput as it goes on the wire.
type updateParameters struct {
	taskParameters

	StreamURL string `json:"StreamUrl,omitempty"`
	Volume    *int64 `json:"Volume,omitempty"`
	IsPause   *bool  `json:"IsPause,omitempty"`
}

func (in UpdateInput) parameters(task Task) updateParameters {
	return updateParameters{
		taskParameters: task.parameters(),
		StreamURL:      in.StreamURL.Reveal(),
		Volume:         in.Volume,
		IsPause:        in.IsPause,
	}
}

// taskParameters names a task; Describe and Stop take nothing else.
type taskParameters struct {
	SdkAppID uint64 `json:"SdkAppId"`
	TaskID   string `json:"TaskId"`
}
