package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// played is a task in a state.
func played(room, user string) streamIngestModel {
	return streamIngestModel{
		SdkAppID: types.Int64Value(1400000001), RoomIDType: types.Int64Value(tickets.RoomIDTypeInt),
		RoomID: types.StringValue(room), UserID: types.StringValue(user),
	}
}

// TestWalk checks what a walk knows after its calls.
func TestWalk(t *testing.T) {
	t.Parallel()
	w := newWalk()
	ours, _ := played("1001", "robot-1").stream()
	elsewhere, _ := played("1002", "robot-1").stream()
	other, _ := played("1001", "robot-2").stream()
	if w.isRefreshed() || w.isRunning(ours) || w.hasStopped(ours.robot) {
		t.Error("a new walk knows something")
	}
	w.markRead(played("1001", "robot-1"))
	w.markRunning(played("1001", "robot-1"))
	if !w.isRefreshed() || !w.isRunning(ours) || w.isRunning(elsewhere) || w.isRunning(other) || w.hasStopped(ours.robot) {
		t.Error("after a read, only its stream is running")
	}
	w.markStopped(played("1001", "robot-1"))
	if w.isRunning(ours) || !w.hasStopped(ours.robot) || !w.hasStopped(elsewhere.robot) || w.hasStopped(other.robot) {
		t.Error("after a stop, its robot is stopped in any room")
	}
	if !w.hasInterrupted(ours.robot) || w.hasInterrupted(other.robot) {
		t.Error("the stop interrupted its robot")
	}
	ended := played("1001", "robot-2")
	ended.Status = types.StringValue(string(trtcclient.NotExist))
	w.markStopped(ended)
	if !w.hasStopped(other.robot) || w.hasInterrupted(other.robot) {
		t.Error("the stop of a task that has ended interrupts nothing")
	}
}
