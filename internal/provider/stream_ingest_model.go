package provider

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

const (
	maxDurationMinutes = 7 * 24 * 60

	endlessRepeat = -1

	onTaskEndRecreate = "recreate"
	onTaskEndKeep     = "keep"

	streamCheckOff   = "off"
	streamCheckWarn  = "warn"
	streamCheckError = "error"
)

// streamIngestModel is a configuration, plan or state of the resource. It does
// not contain write-only values: see writeOnly.
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
	MintPrivateMapKey  types.Bool     `tfsdk:"mint_private_map_key"`
	StreamURL          types.String   `tfsdk:"stream_url"`
	StreamURLWO        writeOnly      `tfsdk:"stream_url_wo"`
	StreamURLWOVersion types.Int64    `tfsdk:"stream_url_wo_version"`
	SeekSecond         types.Int64    `tfsdk:"seek_second"`
	AutoPush           types.Bool     `tfsdk:"auto_push"`
	RepeatNum          types.Int64    `tfsdk:"repeat_num"`
	MaxDuration        types.Int64    `tfsdk:"max_duration"`
	Volume             types.Int64    `tfsdk:"volume"`
	Tempo              types.Number   `tfsdk:"tempo"`
	EnableProgress     types.Bool     `tfsdk:"enable_progress"`
	IdleTimeout        types.Int64    `tfsdk:"idle_timeout"`
	Paused             types.Bool     `tfsdk:"paused"`
	OnTaskEnd          types.String   `tfsdk:"on_task_end"`
	StreamCheck        types.String   `tfsdk:"stream_check"`
	TaskID             types.String   `tfsdk:"task_id"`
	Status             types.String   `tfsdk:"status"`
	StartedAt          types.String   `tfsdk:"started_at"`
	EndsAt             types.String   `tfsdk:"ends_at"`
	Timeouts           timeouts.Value `tfsdk:"timeouts"`
}

// startInput returns the plan as input of StartStreamIngest.
func (m streamIngestModel) startInput(streamURL secret.Text) trtcclient.StartInput {
	return trtcclient.StartInput{
		SdkAppID:       m.task().SdkAppID,
		RoomID:         m.RoomID.ValueString(),
		RoomIDType:     m.RoomIDType.ValueInt64(),
		UserID:         m.UserID.ValueString(),
		StreamURL:      streamURL,
		SeekSecond:     m.SeekSecond.ValueInt64Pointer(),
		AutoPush:       m.AutoPush.ValueBoolPointer(),
		RepeatNum:      m.RepeatNum.ValueInt64Pointer(),
		MaxDuration:    m.MaxDuration.ValueInt64Pointer(),
		Volume:         m.Volume.ValueInt64Pointer(),
		Tempo:          m.tempo(),
		EnableProgress: m.EnableProgress.ValueBoolPointer(),
		IdleTimeout:    m.IdleTimeout.ValueInt64Pointer(),
	}
}

// createOnlyArguments returns the arguments that only StartStreamIngest takes,
// and of each whether null is one of its values. If not, null in state is a value
// that is not recorded: the API does not return it after an import.
func createOnlyArguments() map[string]bool {
	return map[string]bool{
		"region": false, "sdk_app_id": false, "room_id": false, "room_id_type": false, "user_id": false, "auto_push": false, "repeat_num": false,
		"seek_second": true, "max_duration": true, "idle_timeout": true,
	}
}

// recordedArguments returns what the start journal records of the plan.
func (m streamIngestModel) recordedArguments() journal.Arguments {
	return journal.Arguments{
		SeekSecond:  m.SeekSecond.ValueInt64Pointer(),
		AutoPush:    m.AutoPush.ValueBoolPointer(),
		RepeatNum:   m.RepeatNum.ValueInt64Pointer(),
		MaxDuration: m.MaxDuration.ValueInt64Pointer(),
		IdleTimeout: m.IdleTimeout.ValueInt64Pointer(),
	}
}

// updateInput returns the plan as input of UpdateStreamIngest. It contains
// every mutable value, because what the service does with omitted parameters is
// not documented; for a removed argument, the value of a task that never had
// it. The exception is the URL, which is included only when it changed: sending
// the same URL again may restart playback.
func (m streamIngestModel) updateInput(state streamIngestModel, streamURL secret.Text) trtcclient.UpdateInput {
	if !m.changesStream(state) {
		streamURL = secret.Text{}
	}
	input := trtcclient.UpdateInput{
		StreamURL:      streamURL,
		Volume:         m.Volume.ValueInt64Pointer(),
		Tempo:          m.tempo(),
		EnableProgress: m.EnableProgress.ValueBoolPointer(),
		IsPause:        m.Paused.ValueBoolPointer(),
	}
	if m.Tempo.IsNull() && !state.Tempo.IsNull() {
		input.Tempo = new(1.0) // The original speed.
	}
	if m.EnableProgress.IsNull() && !state.EnableProgress.IsNull() {
		input.EnableProgress = new(false)
	}
	return input
}

// changesStream reports whether the URL of the stream differs from that in state.
func (m streamIngestModel) changesStream(state streamIngestModel) bool {
	return !m.StreamURL.Equal(state.StreamURL) || !m.StreamURLWOVersion.Equal(state.StreamURLWOVersion)
}

// tempo returns the playback speed, or nil when it is not set.
func (m streamIngestModel) tempo() *float64 {
	if m.Tempo.IsNull() {
		return nil
	}
	speed, _ := m.Tempo.ValueBigFloat().Float64()
	return &speed
}

// mutableChanges returns the arguments of UpdateStreamIngest that differ between
// plan and state, in any order.
func (m streamIngestModel) mutableChanges(state streamIngestModel) path.Paths {
	var changed path.Paths
	for name, equal := range map[string]bool{
		"stream_url":            m.StreamURL.Equal(state.StreamURL),
		"stream_url_wo_version": m.StreamURLWOVersion.Equal(state.StreamURLWOVersion),
		"volume":                m.Volume.Equal(state.Volume),
		"tempo":                 m.Tempo.Equal(state.Tempo),
		"enable_progress":       m.EnableProgress.Equal(state.EnableProgress),
		"paused":                m.Paused.Equal(state.Paused),
	} {
		if !equal {
			changed.Append(path.Root(name))
		}
	}
	return changed
}

// endedChanges returns the changed arguments that replace a task that has ended:
// mutable arguments, and on_task_end if it changes from keep. The arguments of an imported task that is not adopted yet are
// null in state and did not change.
//
// An unknown on_task_end replaces nothing, because it may stay keep. If it turns
// out to be recreate during apply, the first plan was an update, so it replaces
// nothing either: the next refresh removes the task from state. planning is false
// during apply.
func (m streamIngestModel) endedChanges(state streamIngestModel, planning bool) path.Paths {
	var changed path.Paths
	imported := state.OnTaskEnd.IsNull()
	if !imported {
		changed = m.mutableChanges(state)
	}
	if planning && (imported || state.keepsEnded()) && m.OnTaskEnd.ValueString() == onTaskEndRecreate {
		changed.Append(path.Root("on_task_end"))
	}
	return changed
}

func (m streamIngestModel) task() trtcclient.Task {
	return trtcclient.Task{
		Region:   m.Region.ValueString(),
		SdkAppID: m.SdkAppID.ValueInt64(),
		TaskID:   m.TaskID.ValueString(),
	}
}

// setTask sets task_id and id.
func (m *streamIngestModel) setTask(taskID string) {
	m.TaskID = types.StringValue(taskID)
	m.ID = types.StringValue(taskResourceID(m.task()))
}

// setStart sets started_at and, with max_duration, ends_at.
func (m *streamIngestModel) setStart(at time.Time) {
	at = at.UTC()
	m.StartedAt, m.EndsAt = types.StringValue(at.Format(time.RFC3339)), types.StringNull()
	if !m.MaxDuration.IsNull() {
		end := at.Add(time.Duration(m.MaxDuration.ValueInt64()) * time.Minute)
		m.EndsAt = types.StringValue(end.Format(time.RFC3339))
	}
}

// hasEnded reports whether the task is recorded as ended.
func (m streamIngestModel) hasEnded() bool {
	return m.Status.ValueString() == string(trtcclient.NotExist)
}

// hasStream reports whether there is a stream to play; an unknown one counts.
// A write-only URL is represented by its version, without which it is invalid.
func (m streamIngestModel) hasStream() bool {
	return !m.StreamURL.IsNull() || !m.StreamURLWOVersion.IsNull()
}

// keepsEnded reports whether the task stays in state once it has ended. It is
// false while on_task_end is unknown.
func (m streamIngestModel) keepsEnded() bool {
	return m.OnTaskEnd.ValueString() == onTaskEndKeep
}

// isKeptEnded reports whether the task has ended and stays in state: its end was
// confirmed before.
func (m streamIngestModel) isKeptEnded() bool { return m.hasEnded() && m.keepsEnded() }

// writeOnly is the type of a write-only attribute in a model. It holds no
// value: reading drops it, and writing gives null. On an error the framework
// returns before it nulls write-only values, and Terraform then drops the whole
// new object; this type has nothing to null.
type writeOnly struct{}

// FromTerraform5Value implements tftypes.ValueConverter.
func (writeOnly) FromTerraform5Value(tftypes.Value) error { return nil }

// ToTerraform5Value implements tftypes.ValueCreator.
func (writeOnly) ToTerraform5Value() (any, error) { return nil, nil } //nolint:nilnil // Null is the value.
