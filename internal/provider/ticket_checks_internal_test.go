package provider

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// TestContradictions checks which claims of a ticket contradict the configuration.
func TestContradictions(t *testing.T) {
	t.Parallel()
	room := func(idType int64, id string) tickets.Room {
		parsed, err := tickets.ParseRoom(idType, id)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	config := configValues{
		"sdk_app_id": tftypes.NewValue(tftypes.Number, 1400000001), "user_id": tftypes.NewValue(tftypes.String, "robot-1"),
		"room_id": tftypes.NewValue(tftypes.String, "1001"), "room_id_type": tftypes.NewValue(tftypes.Number, nil),
	}
	const otherUser, otherApp = `user "robot-2" (user_id is "robot-1")`, "application 2 (sdk_app_id is 1400000001)"
	for name, test := range map[string]struct {
		change func(*tickets.Ticket)
		want   []string
	}{
		"none":                    {func(*tickets.Ticket) {}, nil},
		"user":                    {func(k *tickets.Ticket) { k.UserID, k.RoomUserID = "robot-2", "robot-2" }, []string{otherUser}},
		"user of the room":        {func(k *tickets.Ticket) { k.RoomUserID = "robot-2" }, []string{otherUser}},
		"application of the room": {func(k *tickets.Ticket) { k.RoomSdkAppID = 2 }, []string{otherApp}},
		"user and application":    {func(k *tickets.Ticket) { k.UserID, k.SdkAppID = "robot-2", 2 }, []string{otherUser, otherApp}},
		"integer room":            {func(k *tickets.Ticket) { k.Room = room(1, "1002") }, []string{"integer room 1002 (room_id and room_id_type name integer room 1001)"}},
		"string room":             {func(k *tickets.Ticket) { k.Room = room(0, "1001") }, []string{`string room "1001" (room_id and room_id_type name integer room 1001)`}},
	} {
		ticket := tickets.Ticket{
			Kind: tickets.KindPrivateMapKey, SdkAppID: 1400000001, UserID: "robot-1", RoomSdkAppID: 1400000001, RoomUserID: "robot-1", Room: room(1, "1001"),
		}
		test.change(&ticket)
		if got := config.contradictions(ticket); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
