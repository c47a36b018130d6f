package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// logSubsystem is the name of the logger for API calls.
const logSubsystem = "trtc_api"

// startLogging returns the context of one operation with a subsystem for API
// calls and with masks for the operation's secrets. No log line is written with
// a secret; the masks are a second safeguard.
func startLogging(ctx context.Context, secrets ...secret.Text) context.Context {
	ctx = tflog.NewSubsystem(ctx, logSubsystem, tflog.WithRootFields())
	var revealed []string
	for _, text := range secrets {
		// Requests contain a secret without the white space at its ends.
		if trimmed := strings.TrimSpace(text.Reveal()); trimmed != "" {
			revealed = append(revealed, trimmed)
		}
	}
	ctx = tflog.MaskLogStrings(ctx, revealed...)
	return tflog.SubsystemMaskLogStrings(ctx, logSubsystem, revealed...)
}

// logAttempt logs one API call; nothing else does. It lists every field that it
// writes, so that no body, header, query or model is logged.
func logAttempt(ctx context.Context, attempt trtcclient.Attempt) {
	if !tflog.SubsystemIsDebug(ctx, logSubsystem) {
		return
	}
	fields := map[string]any{
		"action":    attempt.Action,
		"region":    attempt.Region,
		"host":      attempt.Host,
		"attempt":   attempt.Number,
		"outcome":   string(attempt.Outcome),
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
