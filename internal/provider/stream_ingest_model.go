package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

const (
	maxDurationMinutes = 7 * 24 * 60

	stringRoom  = 0
	integerRoom = 1

	endlessRepeat = -1

	onTaskEndRecreate = "recreate"
	onTaskEndKeep     = "keep"
)

// streamIngestModel is a plan or state of the resource. Write-only values are
// not in it: see writeOnly.
//
//nolint:recvcheck // A model is a value; only the setters change one.
type streamIngestModel struct {
	ID                 types.String   `tfsdk:"id"`
	Region             types.String   `tfsdk:"region"`
	SdkAppID           types.Int64    `tfsdk:"sdk_app_id"`
	RoomID             types.String   `tfsdk:"room_id"`
	RoomIDType         types.Int64    `tfsdk:"room_id_type"`
	UserID             types.String   `tfsdk:"user_id"`
	UserSig            types.String   `tfsdk:"user_sig"`
	UserSigWO          writeOnly      `tfsdk:"user_sig_wo"`
	PrivateMapKey      types.String   `tfsdk:"private_map_key"`
	PrivateMapKeyWO    writeOnly      `tfsdk:"private_map_key_wo"`
	StreamURL          types.String   `tfsdk:"stream_url"`
	StreamURLWO        writeOnly      `tfsdk:"stream_url_wo"`
	StreamURLWOVersion types.Int64    `tfsdk:"stream_url_wo_version"`
	SeekSecond         types.Int64    `tfsdk:"seek_second"`
	AutoPush           types.Bool     `tfsdk:"auto_push"`
	RepeatNum          types.Int64    `tfsdk:"repeat_num"`
	MaxDuration        types.Int64    `tfsdk:"max_duration"`
	Volume             types.Int64    `tfsdk:"volume"`
	Paused             types.Bool     `tfsdk:"paused"`
	OnTaskEnd          types.String   `tfsdk:"on_task_end"`
	TaskID             types.String   `tfsdk:"task_id"`
	Status             types.String   `tfsdk:"status"`
	Timeouts           timeouts.Value `tfsdk:"timeouts"`
}

// startInput is the plan as StartStreamIngest takes it.
func (m streamIngestModel) startInput(secrets startSecrets) trtcclient.StartInput {
	return trtcclient.StartInput{
		SdkAppID:      uint64(m.SdkAppID.ValueInt64()), //nolint:gosec // Validated: 1 to 4294967295.
		RoomID:        m.RoomID.ValueString(),
		RoomIDType:    m.RoomIDType.ValueInt64(),
		UserID:        m.UserID.ValueString(),
		UserSig:       secrets.userSig.Text,
		PrivateMapKey: secrets.privateMapKey.Text,
		StreamURL:     secrets.streamURL.Text,
		SeekSecond:    m.SeekSecond.ValueInt64Pointer(),
		AutoPush:      m.AutoPush.ValueBoolPointer(),
		RepeatNum:     m.RepeatNum.ValueInt64Pointer(),
		MaxDuration:   m.MaxDuration.ValueInt64Pointer(),
		Volume:        m.Volume.ValueInt64Pointer(),
	}
}

// task names the running task.
func (m streamIngestModel) task() trtcclient.Task {
	return trtcclient.Task{
		Region:   m.Region.ValueString(),
		SdkAppID: uint64(m.SdkAppID.ValueInt64()), //nolint:gosec // Validated: 1 to 4294967295.
		TaskID:   m.TaskID.ValueString(),
	}
}

// setTask records which task this resource is.
func (m *streamIngestModel) setTask(taskID string) {
	m.TaskID = types.StringValue(taskID)
	m.ID = types.StringValue(taskResourceID(m.Region.ValueString(), m.SdkAppID.ValueInt64(), taskID))
}

func (m *streamIngestModel) setStatus(status trtcclient.Status) {
	m.Status = types.StringValue(string(status))
}

// hasEnded tells whether the state knows that the task is gone.
func (m streamIngestModel) hasEnded() bool {
	return m.Status.ValueString() == string(trtcclient.NotExist)
}

// hasStream tells whether there is a stream to play; one that is not known yet
// counts. Of a write-only URL the version tells, without which it is refused.
func (m streamIngestModel) hasStream() bool {
	return !m.StreamURL.IsNull() || !m.StreamURLWOVersion.IsNull()
}

// keepsEnded tells whether the task stays in the state when it has ended. While
// on_task_end is not known it may not.
func (m streamIngestModel) keepsEnded() bool {
	return m.OnTaskEnd.ValueString() == onTaskEndKeep
}

// sentChanges returns the names of the arguments that differ between state and
// plan and that an update sends.
func (m streamIngestModel) sentChanges(state streamIngestModel) []string {
	var names []string
	if !m.StreamURL.Equal(state.StreamURL) {
		names = append(names, "stream_url")
	}
	if !m.StreamURLWOVersion.Equal(state.StreamURLWOVersion) {
		names = append(names, "stream_url_wo_version")
	}
	if !m.Volume.Equal(state.Volume) {
		names = append(names, "volume")
	}
	if !m.Paused.Equal(state.Paused) {
		names = append(names, "paused")
	}
	return names
}

// endedChanges returns the names of the arguments that make a new task of one
// that has ended and was kept: those that would have to be sent to it, and
// on_task_end as soon as it may not be "keep" any more.
func (m streamIngestModel) endedChanges(state streamIngestModel) []string {
	names := m.sentChanges(state)
	if state.keepsEnded() && !m.keepsEnded() {
		names = append(names, "on_task_end")
	}
	return names
}

// updateInput is the plan as UpdateStreamIngest takes it. Every mutable value
// is sent, since what the service does with one that is left out is not
// documented; but the URL, which the configuration has, only when it changed,
// since the same one again may restart playback.
func (m streamIngestModel) updateInput(state streamIngestModel, streamURL secret.Text) trtcclient.UpdateInput {
	input := trtcclient.UpdateInput{
		Volume:  m.Volume.ValueInt64Pointer(),
		IsPause: m.Paused.ValueBoolPointer(),
	}
	if !m.StreamURL.Equal(state.StreamURL) || !m.StreamURLWOVersion.Equal(state.StreamURLWOVersion) {
		input.StreamURL = streamURL
	}
	return input
}

// taskResourceID is the resource's id and import ID.
func taskResourceID(region string, sdkAppID int64, taskID string) string {
	return fmt.Sprintf("%s/%d/%s", region, sdkAppID, taskID)
}
