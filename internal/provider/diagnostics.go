package provider

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// errTaskEnded means that the status in the answer to an update is that of an
// ended task. When the answer is an error code, its class is trtcclient.Gone.
var errTaskEnded = errors.New("the task has ended")

const noCredentials = "No usable Tencent Cloud credentials"

// operation is an operation that failed, with what its diagnostic needs.
type operation struct {
	// walk has the errors of this run, or is nil for a warning.
	walk *walk
	// cause tells failures apart that have the same title and advice.
	cause string
	// action completes "Could not …".
	action string
	// model names the task, as far as known.
	model streamIngestModel
	// timeout is the entry of timeouts that bounds the operation, or empty.
	timeout string
	// userSig is the attribute of the login ticket; only a start has one.
	userSig path.Path
	// minted is true when the provider computed the login ticket.
	minted bool
	// streamURL is the attribute of the URL that is sent, if any.
	streamURL path.Path
	// service is the one that the task in state belongs to; a start has none.
	service taskService
	// record says in sentences what the start journal has on a start, or is empty.
	record string
}

// diagnose returns the one diagnostic for err: what failed, the service's
// message, what to do, and what support needs to look it up.
func (o operation) diagnose(err error) diag.Diagnostic {
	failed, called := errors.AsType[*trtcclient.Error](err)
	switch {
	case errors.Is(err, errTaskEnded):
		return o.newError("The stream ingest has ended",
			"The task ended before the update. State is unchanged.",
			"Run terraform apply again: the new plan reads the task again and shows the effect of on_task_end.")
	case errors.Is(err, errOtherService):
		return diag.NewErrorDiagnostic(taskOfOtherService, o.service.notExist(o.model, "The task was not changed."))
	case errors.Is(err, errStillRunning):
		advice := "Run the action again."
		if o.timeout != "" {
			advice = "It stays in state so that it is not orphaned. Run terraform destroy again, or raise timeouts." + o.timeout + "."
		}
		return o.newError("The stream ingest is still running", sentence(err.Error()), advice)
	case called && failed.MayHaveRun && failed.Action == trtcclient.StartAction:
		return o.lostStart(failed)
	case called && failed.Class == trtcclient.Interrupted, !called && errors.Is(err, context.Canceled):
		return o.newError("Interrupted", sentence(err.Error()), "Run the command again.")
	case called && failed.Class != trtcclient.Defect:
		return o.failed(failed)
	case errors.Is(err, context.DeadlineExceeded):
		return o.newError("Operation timed out", sentence(err.Error()), o.timeoutAdvice())
	default:
		return o.newError("Unexpected provider error", sentence(err.Error()), "Report this to the provider's developers.")
	}
}

const checkRoute = "Check domain and endpoint in the provider block, and check for a proxy or gateway on the way to the host."

// failed explains a failed call: an error code, or why there is none.
func (o operation) failed(err *trtcclient.Error) diag.Diagnostic {
	var summary, advice string
	switch err.Class {
	case trtcclient.NoCredentials:
		return o.unsigned(err.Err)
	case trtcclient.TimedOut:
		return o.newError("Operation timed out", err.Action+" was still queued by the rate limiter, and was not sent. "+
			"requests_per_second applies per action and region.", o.timeoutAdvice())
	case trtcclient.Unreachable:
		summary = "The service could not be reached"
		advice = "Nothing was sent. Check the network, the proxy variables (HTTPS_PROXY, NO_PROXY; a proxy URL with https:// needs a proxy that speaks TLS), and domain or endpoint in the provider block."
	case trtcclient.Blocked:
		summary, advice = blocked(err.Reason)
	case trtcclient.ForeignAnswer:
		summary, advice = "Unexpected response from the service", checkRoute
	default:
		if err.Code != "" {
			return o.refused(err)
		}
		summary, advice = "Unexpected response from the service", "Check for a proxy or gateway on the way to the host, and try again later."
		if !err.OutOfTime {
			advice = "The provider retried as often as is safe. " + advice
		}
	}
	return o.newError(summary, sentence(err.Err.Error()), sentences(advice, o.outOfTime(err)), "RequestId", err.RequestID)
}

// blocked explains why no connection to the service can be made.
func blocked(reason cloudapi.Reason) (summary, advice string) {
	switch reason {
	case cloudapi.ProxyInvalid:
		return "The proxy setting is not valid", "Nothing was sent. Correct or unset HTTPS_PROXY."
	case cloudapi.ProxyRefused:
		return "The proxy refused to connect",
			"Nothing was sent. Check the user name and password in HTTPS_PROXY, in which special characters must be percent-encoded, and that the proxy allows the host. NO_PROXY lists hosts that are reached without it."
	case cloudapi.Untrusted:
		return "The service's certificate is not trusted",
			"Nothing was sent. " + trustProxy(runtime.GOOS) + " Otherwise check domain and endpoint in the provider block, and the local clock."
	default: // cloudapi.TLSRefused
		return "The TLS connection was refused", "Nothing was sent. The provider needs TLS 1.2 or later. " + checkRoute
	}
}

// trustProxy returns how to trust the certificates of a proxy that inspects TLS.
func trustProxy(goos string) string {
	const store = "If a proxy inspects TLS, add its CA certificate to the system's trust store"
	switch goos {
	case "darwin", "windows": // Go does not read SSL_CERT_FILE there.
		return store + "."
	default:
		return store + ", or name a file with it in SSL_CERT_FILE."
	}
}

// unsigned explains a call that had no key, with the error of the credential
// source.
func (o operation) unsigned(err error) diag.Diagnostic {
	var unknown *unknownArgumentsError
	var missing *credentials.NotFoundError
	var source *credentials.SourceError
	switch {
	case errors.As(err, &missing):
		return o.sharedError(noCredentials, "", missingKeys(missing))
	case errors.As(err, &unknown):
		return o.newError("The provider is not fully configured yet", "This operation calls the API, but these provider arguments are known only after apply: "+strings.Join(unknown.names, ", ")+".",
			"Apply what these arguments depend on first, with terraform apply -target=ADDRESS, or give them values that are known when planning.")
	case errors.As(err, &source):
		return o.failedSource(source)
	default:
		return o.newError(noCredentials, sentence(err.Error()), "Nothing was sent. See the Authentication section of the provider's documentation.")
	}
}

// missingKeys lists the sources of credentials, of which none has a key, and says
// what to do.
func missingKeys(err *credentials.NotFoundError) string {
	return "No credentials found. Sources tried, in order:\n- " + strings.Join(err.Tried, "\n- ") + "\n\n" +
		"Set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or see the Authentication section of the provider's documentation for other sources."
}

// failedSource explains why a source of keys gave none.
func (o operation) failedSource(err *credentials.SourceError) diag.Diagnostic {
	summary, what, advice := noCredentials, err.Error(), "Nothing was sent to TRTC. See the Authentication section of the provider's documentation."
	var facts []string
	var account *credentials.AccountError
	var refused *cloudapi.APIError
	var unanswered *cloudapi.ExchangeError
	switch {
	case errors.As(err, &account):
		summary, what = "The credentials belong to another account", "T"+strings.TrimPrefix(account.Error(), "t")
		advice = "Nothing was sent to TRTC. Use credentials of another account, or correct " + account.Setting + " in the provider block."
	case errors.As(err, &refused):
		summary, advice = stsAdvice(refused.Action, refused.Code)
		what = sentences(sentence(strings.TrimSuffix(fmt.Sprintf("STS refused %s for the %s: %s", refused.Action, err.Source, refused.Message), ": ")), signedWith(refused))
		facts = []string{"Action", refused.Action, "Code", refused.Code, "RequestId", refused.RequestID}
	case errors.As(err, &unanswered):
		summary = "STS gave no readable response"
		if unanswered.Outcome == cloudapi.NotSent {
			summary = "STS could not be reached"
		}
		advice = "Nothing was sent to TRTC. Check the network, the proxy variables (HTTPS_PROXY, NO_PROXY), and domain or sts_endpoint in the provider block."
	}
	// All operations get the same error until the source is asked again.
	o.cause = err.Error()
	return o.sharedError(summary, sentence(what), advice, facts...)
}

// refused explains an error code, on the argument that its parameter comes from.
func (o operation) refused(err *trtcclient.Error) diag.Diagnostic {
	known, parameter := Explain(err.Code), trtcclient.ParameterOfCode(err.Code)
	what := sentence(strings.TrimSuffix(err.Action+" was refused: "+err.Message, ": "))
	advice := strings.ReplaceAll(known.Advice, "<Action>", err.Action)
	explain := o.newError
	family, _, _ := strings.Cut(err.Code, ".")
	switch {
	case o.minted && parameter == "UserSig":
		advice = fmt.Sprintf("The provider minted this ticket. Check that %s (or sdk_secret_key in the provider block) is the current SDKSecretKey of application %d, and that the local clock is right.",
			sdkSecretKeyVariable, o.model.SdkAppID.ValueInt64())
		explain = o.sharedError
	case slices.Contains([]string{"AuthFailure", "UnauthorizedOperation", "IpNotInWhitelist", "IpInBlacklist"}, family):
		what = sentences(what, signedWith(err))
		o.cause = err.Code // The message can name the task.
		explain = o.sharedError
	}
	problem := explain(known.Summary, what, joinTexts("\n\n", sentences(advice, o.outOfTime(err)), o.record), "Action", err.Action, "Code", err.Code, "RequestId", err.RequestID)
	attribute := map[string]path.Path{
		"SdkAppId": path.Root("sdk_app_id"), "TaskId": path.Root("task_id"), "Region": path.Root("region"),
		"RoomId": path.Root("room_id"), "UserId": path.Root("user_id"), "UserSig": o.userSig, "StreamUrl": o.streamURL,
	}[parameter]
	// An attribute diagnostic with an empty path would lose the file and line.
	if len(attribute.Steps()) > 0 {
		return diag.WithPath(attribute, problem)
	}
	return problem
}

// signedWith names the source of the key that signed a refused request, or is empty.
func signedWith(err error) string {
	refused, ok := errors.AsType[*cloudapi.APIError](err)
	if !ok || refused.KeySource == "" {
		return ""
	}
	return "The request was signed with the key from " + refused.KeySource + "."
}

// lostStart reports that a task may be running that is in no state.
func (o operation) lostStart(err *trtcclient.Error) diag.Diagnostic {
	room, user, region := o.model.RoomID.ValueString(), o.model.UserID.ValueString(), o.model.Region.ValueString()
	app, since := o.model.SdkAppID.ValueInt64(), err.Since.UTC().Format(time.RFC3339)
	what := fmt.Sprintf("The provider sent StartStreamIngest at %s and received no TaskId: %v.\n\n"+
		"A task may be running, and billed, in room %s of application %d as user %s, region %s. It is not in state, and the provider does not retry, "+
		"because that could start a second task.", since, err.Err, room, app, user, region)
	until := "until it ends"
	switch {
	case !o.model.MaxDuration.IsNull():
		until = fmt.Sprintf("for at most max_duration, %d minutes", o.model.MaxDuration.ValueInt64())
	case o.model.RepeatNum.ValueInt64() == endlessRepeat:
		until = "until somebody stops it"
	}
	advice := fmt.Sprintf("Check whether user %s is in room %s. %s If the task runs, import it:\n"+
		"  terraform import ADDRESS '%s/%d/<TaskId>'\n"+
		"To stop it, run terraform destroy -target=ADDRESS after the import, or use the action trtc_stream_ingest_stop (Terraform 1.14). "+
		"If you do nothing, the task runs %s. If it does not run, run terraform apply again.",
		user, room, findTaskID(err.Since), region, app, until)
	if err.OutOfTime {
		advice += " The service asked for a retry, but timeouts." + o.timeout + " expired first."
	}
	return diag.NewErrorDiagnostic("The stream ingest may have started: no response was received", joinDetail(sentences(what, o.record), advice, "Code", err.Code, "RequestId", err.RequestID))
}

// outOfTime says that no time was left for a retry, or is empty.
func (o operation) outOfTime(err *trtcclient.Error) string {
	if !err.OutOfTime {
		return ""
	}
	return "The operation timed out before the provider could retry. " + o.timeoutAdvice()
}

func (o operation) timeoutAdvice() string {
	if o.timeout == "" {
		return "Try again."
	}
	return "Try again, or raise timeouts." + o.timeout + "."
}

// newError returns the diagnostic of every failure but lostStart's. The facts are
// as in joinDetail.
func (o operation) newError(summary, what, advice string, facts ...string) diag.Diagnostic {
	return diag.NewErrorDiagnostic(summary, o.failure()+joinDetail(what, sentences(advice, o.service.hint()), facts...))
}

// sharedError is newError for a failure that other resources can have too, such as that
// of a wrong key: only the first diagnostic of the run has the explanation.
func (o operation) sharedError(summary, what, advice string, facts ...string) diag.Diagnostic {
	advice = sentences(advice, o.service.hint())
	return diag.NewErrorDiagnostic(summary, o.failure()+o.walk.explain(summary, advice+o.cause, joinDetail(what, advice, facts...)))
}

// failure begins the detail of a diagnostic.
func (o operation) failure() string { return "Could not " + o.action + o.target() + ". " }

// target names the task or the room, whichever is known.
func (o operation) target() string {
	switch {
	case !o.model.TaskID.IsNull() && !o.model.TaskID.IsUnknown():
		return fmt.Sprintf(" %s of application %d", o.model.TaskID.ValueString(), o.model.SdkAppID.ValueInt64())
	case !o.model.RoomID.IsNull():
		return fmt.Sprintf(" in room %s of application %d", o.model.RoomID.ValueString(), o.model.SdkAppID.ValueInt64())
	default:
		return ""
	}
}

// joinDetail puts each fact that has a value on a line of its own. Names and values
// alternate in facts.
func joinDetail(what, advice string, facts ...string) string {
	var lines []string
	for fact := range slices.Chunk(facts, 2) {
		if fact[1] != "" {
			lines = append(lines, fact[0]+": "+fact[1])
		}
	}
	return joinTexts("\n\n", what, advice, strings.Join(lines, "\n"))
}

func sentences(texts ...string) string { return joinTexts(" ", texts...) }

// joinTexts joins texts; those that are empty are left out.
func joinTexts(separator string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), separator)
}

// sentence ends a text with a full stop.
func sentence(text string) string {
	if text == "" || strings.HasSuffix(text, ".") || strings.HasSuffix(text, "。") {
		return text
	}
	return text + "."
}
