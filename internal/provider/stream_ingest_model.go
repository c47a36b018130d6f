package provider

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

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

// startInput returns the plan as input of StartStreamIngest.
func (m streamIngestModel) startInput(secrets startSecrets) trtcclient.StartInput {
	return trtcclient.StartInput{
		SdkAppID:      m.task().SdkAppID,
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

// mutableArguments returns the arguments that UpdateStreamIngest changes.
func (m streamIngestModel) mutableArguments() map[string]attr.Value {
	return map[string]attr.Value{
		"stream_url":            m.StreamURL,
		"stream_url_wo_version": m.StreamURLWOVersion,
		"volume":                m.Volume,
		"paused":                m.Paused,
	}
}

// updateInput returns the plan as input of UpdateStreamIngest. It contains
// every mutable value, because what the service does with omitted parameters is
// not documented. The exception is the URL, which is included only when it
// changed: sending the same URL again may restart playback.
func (m streamIngestModel) updateInput(state streamIngestModel, streamURL secret.Text) trtcclient.UpdateInput {
	if m.StreamURL.Equal(state.StreamURL) && m.StreamURLWOVersion.Equal(state.StreamURLWOVersion) {
		streamURL = secret.Text{}
	}
	return trtcclient.UpdateInput{
		StreamURL: streamURL,
		Volume:    m.Volume.ValueInt64Pointer(),
		IsPause:   m.Paused.ValueBoolPointer(),
	}
}

// mutableChanges returns the sorted names of the mutable arguments that differ
// between plan and state.
func (m streamIngestModel) mutableChanges(state streamIngestModel) []string {
	before := state.mutableArguments()
	changed := m.mutableArguments()
	maps.DeleteFunc(changed, func(name string, value attr.Value) bool { return value.Equal(before[name]) })
	return slices.Sorted(maps.Keys(changed))
}

// endedChanges returns the names of the arguments whose change replaces a task
// that has ended: the mutable ones, and on_task_end when the task was kept and
// is no longer to be. The arguments of an imported task that is not adopted yet
// are null in state and did not change.
func (m streamIngestModel) endedChanges(state streamIngestModel) []string {
	var names []string
	imported := state.OnTaskEnd.IsNull()
	if !imported {
		names = m.mutableChanges(state)
	}
	if (imported || state.keepsEnded()) && !m.keepsEnded() {
		names = append(names, "on_task_end")
	}
	return names
}

// task returns the running task.
func (m streamIngestModel) task() trtcclient.Task {
	return trtcclient.Task{
		Region:   m.Region.ValueString(),
		SdkAppID: uint64(m.SdkAppID.ValueInt64()), //nolint:gosec // Validated: 1 to 4294967295.
		TaskID:   m.TaskID.ValueString(),
	}
}

// setTask sets task_id and id.
func (m *streamIngestModel) setTask(taskID string) {
	m.TaskID = types.StringValue(taskID)
	m.ID = types.StringValue(taskResourceID(m.task()))
}

// setStatus sets status.
func (m *streamIngestModel) setStatus(status trtcclient.Status) {
	m.Status = types.StringValue(string(status))
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

// keepsEnded reports whether the task stays in state once it has ended. It
// returns false while on_task_end is unknown.
func (m streamIngestModel) keepsEnded() bool {
	return m.OnTaskEnd.ValueString() == onTaskEndKeep
}

// storedSecrets returns the secrets in a plan or state: those that were given
// as ordinary arguments.
func (m streamIngestModel) storedSecrets() []secret.Text {
	var secrets []secret.Text
	for _, value := range []types.String{m.UserSig, m.PrivateMapKey, m.StreamURL} {
		secrets = append(secrets, secret.New(value.ValueString()))
	}
	return secrets
}

// writeOnly is the type of a write-only attribute in a model. It holds no
// value: reading drops it, and writing gives null. On an error the framework
// returns before it nulls write-only values, and Terraform then drops the whole
// new object; this type has nothing to null.
type writeOnly struct{}

var (
	_ tftypes.ValueConverter = writeOnly{}
	_ tftypes.ValueCreator   = writeOnly{}
)

// FromTerraform5Value drops the value.
func (writeOnly) FromTerraform5Value(tftypes.Value) error { return nil }

// ToTerraform5Value returns null.
func (writeOnly) ToTerraform5Value() (any, error) { return nil, nil } //nolint:nilnil // Null is the value.

// startSecrets are the values of a start that may be secret.
type startSecrets struct {
	userSig       secretArgument
	privateMapKey secretArgument
	streamURL     secretArgument
}

// all returns the values.
func (s startSecrets) all() []secret.Text {
	return []secret.Text{s.userSig.Text, s.privateMapKey.Text, s.streamURL.Text}
}

// readStartSecrets reads the values from the configuration. Plan and state do
// not contain write-only values.
func readStartSecrets(ctx context.Context, config tfsdk.Config) (startSecrets, diag.Diagnostics) {
	userSig, diags := readSecretArgument(ctx, config, "user_sig")
	privateMapKey, problems := readSecretArgument(ctx, config, "private_map_key")
	diags.Append(problems...)
	streamURL, problems := readSecretArgument(ctx, config, "stream_url")
	diags.Append(problems...)
	return startSecrets{userSig: userSig, privateMapKey: privateMapKey, streamURL: streamURL}, diags
}

// secretArgument is the value of an argument that also exists as a write-only
// argument.
type secretArgument struct {
	secret.Text

	// attribute is the argument that is set, or the write-only one when
	// neither is.
	attribute path.Path
	// given is true when either argument is set; an unknown value counts.
	given bool
}

// readSecretArgument reads name_wo, else name.
func readSecretArgument(ctx context.Context, config tfsdk.Config, name string) (secretArgument, diag.Diagnostics) {
	var diags diag.Diagnostics
	writeOnly := path.Root(name + "_wo")
	for _, attribute := range []path.Path{writeOnly, path.Root(name)} {
		var value types.String
		diags.Append(config.GetAttribute(ctx, attribute, &value)...)
		if !value.IsNull() {
			return secretArgument{Text: secret.New(value.ValueString()), attribute: attribute, given: true}, diags
		}
	}
	return secretArgument{attribute: writeOnly}, diags
}
