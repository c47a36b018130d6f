package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// logSubsystem is the name under which calls are logged.
const logSubsystem = "trtc_api"

// startLogging prepares the context of one operation: a subsystem for the
// calls, and masks for the secrets that the operation has in hand. Nothing
// that is logged should hold one; the masks are the second lock.
func startLogging(ctx context.Context, secrets ...secret.Text) context.Context {
	ctx = tflog.NewSubsystem(ctx, logSubsystem, tflog.WithRootFields())
	var revealed []string
	for _, text := range secrets {
		if !text.IsEmpty() {
			revealed = append(revealed, text.Reveal())
		}
	}
	ctx = tflog.MaskLogStrings(ctx, revealed...)
	return tflog.SubsystemMaskLogStrings(ctx, logSubsystem, revealed...)
}

// logAttempt is the only place that logs calls. It names every field it writes:
// no body, header, query or model can get in.
func logAttempt(ctx context.Context, attempt trtcclient.Attempt) {
	if !tflog.SubsystemIsDebug(ctx, logSubsystem) {
		return
	}
	fields := map[string]any{
		"action":    attempt.Action,
		"region":    attempt.Region,
		"host":      attempt.Host,
		"attempt":   attempt.Number,
		"outcome":   attempt.Outcome.String(),
		"took_ms":   attempt.Took.Milliseconds(),
		"waited_ms": attempt.Waited.Milliseconds(),
	}
	for name, value := range map[string]string{
		"code": attempt.Code, "fault": attempt.Fault, "request_id": attempt.RequestID, "task_id": attempt.TaskID,
	} {
		if value != "" {
			fields[name] = value
		}
	}
	tflog.SubsystemDebug(ctx, logSubsystem, "called the TRTC API", fields)
}
