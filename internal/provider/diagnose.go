package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// errTaskEnded is an update that was answered with the status of a task that
// has ended. For one that was answered with a code trtcclient.IsGone holds.
var errTaskEnded = errors.New("the task has ended")

// operation is an operation that failed, with what a user needs to know of it.
type operation struct {
	// doing completes "could not …".
	doing string
	// model says which task, as far as known.
	model streamIngestModel
	// timeout names the entry of timeouts that bounds the operation, or is
	// empty where there is none.
	timeout string
	// userSig is the attribute that the login ticket came from; only a start
	// has one.
	userSig path.Path
	// minted is true when the provider computed the login ticket.
	minted bool
	// streamURL is the attribute that the URL came from, of an operation that
	// sends one.
	streamURL path.Path
}

// diagnose makes the one diagnostic for err: what failed, the service's
// message, what to do, and what support needs to look it up.
func (o operation) diagnose(err error) diag.Diagnostic {
	var ambiguous *trtcclient.AmbiguousStartError
	var refused *cloudapi.APIError
	var stillRunning *stillRunningError
	var failed *cloudapi.ExchangeError
	var unsigned *trtcclient.CredentialError
	switch {
	case errors.As(err, &ambiguous):
		return o.lostStart(ambiguous)
	case errors.As(err, &unsigned):
		return o.unsigned(unsigned)
	case errors.Is(err, errTaskEnded):
		return o.explained("The stream ingest has ended",
			"The task ended before it could be changed; the state still has it as it was.",
			"Run terraform apply again: the new plan reads the task anew and shows what on_task_end makes of its end.")
	case errors.As(err, &stillRunning):
		return o.explained("The stream ingest is still running", sentence(stillRunning.Error()), o.stillRunningAdvice())
	case errors.As(err, &refused):
		return o.refused(refused, o.outOfTime(err))
	case errors.Is(err, context.DeadlineExceeded) && !errors.As(err, &failed):
		return o.timedOut(err)
	case errors.Is(err, context.Canceled):
		return o.explained("Interrupted", sentence(err.Error()), "Run the command again.")
	case errors.As(err, &failed):
		return o.unanswered(failed, o.outOfTime(err))
	default:
		return o.explained("The operation failed", sentence(err.Error()), "Please report this to the provider's developers.")
	}
}

// unsigned explains a call that had no key.
func (o operation) unsigned(err *trtcclient.CredentialError) diag.Diagnostic {
	var unknown *unknownArgumentsError
	var missing *credentials.NotFoundError
	var refused *cloudapi.APIError
	switch {
	case errors.As(err, &missing):
		return o.explained("No usable Tencent Cloud credentials", "There are "+sentence(missing.Error()), missing.Advice())
	case errors.As(err, &unknown):
		return o.explained("The provider is not fully configured yet", "A call is needed, but these are "+sentence(unknown.Error()),
			"Apply what these arguments depend on first, with terraform apply -target=ADDRESS, or give them values that are known when planning.")
	case errors.As(err, &refused):
		return diag.NewErrorDiagnostic("No usable Tencent Cloud credentials",
			o.detail(sentence(err.Err.Error()), trtcclient.Explain(refused.Code).Advice, "Code: "+refused.Code, "RequestId: "+refused.RequestID))
	default:
		return o.explained("No usable Tencent Cloud credentials", sentence(err.Err.Error()),
			"Nothing was sent. See the Authentication section of the provider's documentation.")
	}
}

// refused explains an error code. outOfTime is empty, or says that the time for
// repeating was up.
func (o operation) refused(err *cloudapi.APIError, outOfTime string) diag.Diagnostic {
	known := trtcclient.Explain(err.Code)
	if o.minted && known.Parameter == "UserSig" {
		known.Advice = fmt.Sprintf("The provider computed this ticket. Check that %s (or sdk_secret_key in the provider block) is the current SDKSecretKey of application %d, and that the local clock is right.",
			sdkSecretKeyVariable, o.model.SdkAppID.ValueInt64())
	}
	detail := o.detail(fmt.Sprintf("%s answered: %s", err.Action, sentence(err.Message)), sentences(known.Advice, outOfTime),
		"Action: "+err.Action, "Code: "+err.Code, "RequestId: "+err.RequestID)
	if attribute, ok := o.attribute(known.Parameter); ok {
		return diag.NewAttributeErrorDiagnostic(attribute, known.Summary, detail)
	}
	return diag.NewErrorDiagnostic(known.Summary, detail)
}

// attribute maps an API parameter to the argument that it comes from.
func (o operation) attribute(parameter string) (path.Path, bool) {
	switch parameter {
	case "UserSig":
		return o.userSig, !o.userSig.Equal(path.Empty())
	case "SdkAppId":
		return path.Root("sdk_app_id"), true
	case "RoomId":
		return path.Root("room_id"), true
	case "UserId":
		return path.Root("user_id"), true
	case "StreamUrl":
		return o.streamURL, !o.streamURL.Equal(path.Empty())
	case "TaskId":
		return path.Root("task_id"), true
	case "Region":
		return path.Root("region"), true
	default:
		return path.Empty(), false
	}
}

// lostStart tells that a task may run that no state has.
func (o operation) lostStart(err *trtcclient.AmbiguousStartError) diag.Diagnostic {
	until := "it runs until it ends by itself"
	if !o.model.MaxDuration.IsNull() {
		until = fmt.Sprintf("it runs for at most max_duration, %d minutes", o.model.MaxDuration.ValueInt64())
	}
	what := fmt.Sprintf("The start was sent at %s, and no TaskId came back: %v.\n\n"+
		"A task may be running, and billed, in room %s of application %d as user %s, region %s. It is not in the state, and the start is not repeated on a guess, which could make two.",
		err.At.UTC().Format(time.RFC3339), err.Err, err.RoomID, err.SdkAppID, err.UserID, err.Region)
	advice := fmt.Sprintf("Look into the room, or into its event callbacks, which carry the TaskId. If the task runs, take it over:\n"+
		"  terraform import ADDRESS '%s/%d/<TaskId>'\n"+
		"or stop it with the action trtc_stream_ingest_stop (Terraform 1.14) or the API's StopStreamIngest. If you do nothing, %s. If it does not run, run terraform apply again.",
		err.Region, err.SdkAppID, until)
	if ranOutOfTime(err.Err) {
		advice += " The service asked for a repetition of the start, and timeouts." + o.timeout + " left no time for it."
	}
	var facts []string
	var refused *cloudapi.APIError
	if errors.As(err.Err, &refused) {
		facts = append(facts, "Code: "+refused.Code)
	}
	if err.RequestID != "" {
		facts = append(facts, "RequestId: "+err.RequestID)
	}
	return diag.NewErrorDiagnostic("The stream ingest may have started: its answer was lost", joinDetail(what, advice, facts))
}

// unanswered explains a call without a readable answer. outOfTime is as for
// refused.
func (o operation) unanswered(err *cloudapi.ExchangeError, outOfTime string) diag.Diagnostic {
	summary, advice := "No readable answer from the service", "Look for a proxy or gateway on the way to the host, and try again later."
	if outOfTime == "" {
		advice = sentences("The request was repeated as often as is safe.", advice)
	}
	if err.Outcome == cloudapi.NotSent {
		summary, advice = "The service could not be reached",
			"Nothing was sent. Check the network, the proxy variables (HTTPS_PROXY, NO_PROXY), and domain or endpoint in the provider block."
	}
	var facts []string
	if err.RequestID != "" {
		facts = append(facts, "RequestId: "+err.RequestID)
	}
	return diag.NewErrorDiagnostic(summary, o.detail(sentence(err.Error()), sentences(advice, outOfTime), facts...))
}

func (o operation) explained(summary, what, advice string) diag.Diagnostic {
	return diag.NewErrorDiagnostic(summary, o.detail(what, advice))
}

// detail is the body of every diagnostic but lostStart's.
func (o operation) detail(what, advice string, facts ...string) string {
	return joinDetail(fmt.Sprintf("Could not %s%s. %s", o.doing, o.where(), what), advice, facts)
}

// where names the task or the room, whichever is known.
func (o operation) where() string {
	switch {
	case !o.model.TaskID.IsNull() && !o.model.TaskID.IsUnknown():
		return fmt.Sprintf(" %s of application %d", o.model.TaskID.ValueString(), o.model.SdkAppID.ValueInt64())
	case !o.model.RoomID.IsNull():
		return fmt.Sprintf(" in room %s of application %d", o.model.RoomID.ValueString(), o.model.SdkAppID.ValueInt64())
	default:
		return ""
	}
}

func joinDetail(what, advice string, facts []string) string {
	detail := what + "\n\n" + advice
	if len(facts) > 0 {
		detail += "\n\n" + strings.Join(facts, "\n")
	}
	return detail
}

// sentences puts texts behind each other; those that are empty are left out.
func sentences(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), " ")
}

// sentence gives a text that ends like one.
func sentence(text string) string {
	if text == "" || strings.HasSuffix(text, ".") || strings.HasSuffix(text, "。") {
		return text
	}
	return text + "."
}
