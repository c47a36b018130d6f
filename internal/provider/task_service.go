package provider

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// serviceKey is the key of the private state under which the identity of the
// service is recorded that the task belongs to.
const serviceKey = "service"

// taskService is the service that a task belongs to, and that of this run. Only
// the former decides that the task does not exist.
type taskService struct {
	recorded string // empty if the state has no record
	current  string // empty while it is unknown: no call is made then
}

// serviceOfTask reads the record of a private state.
func (d *providerData) serviceOfTask(ctx context.Context, private privateState, diags *diag.Diagnostics) taskService {
	value, problems := private.GetKey(ctx, serviceKey)
	diags.Append(problems...)
	recorded, _ := strconv.Unquote(string(value))
	return taskService{recorded: recorded, current: d.client.Endpoint().Identity()}
}

// differs reports whether this run uses another service than the one that the
// task belongs to.
func (s taskService) differs() bool {
	return s.recorded != "" && s.current != "" && s.recorded != s.current
}

// record records the current service, at which the task was seen in progress. It
// writes only a change, because plan -refresh-only reports each write.
func (s taskService) record(ctx context.Context, private privateState) diag.Diagnostics {
	if s.recorded == s.current {
		return nil
	}
	return private.SetKey(ctx, serviceKey, []byte(strconv.Quote(s.current)))
}

// errOtherService means that the service of this run does not know a task that
// belongs to another service.
var errOtherService = errors.New("the task belongs to another service")

const taskOfOtherService = "The task belongs to another service"

// notExist says that the current service does not know the task, what that means
// for the operation, and what to do.
func (s taskService) notExist(model streamIngestModel, consequence string) string {
	name := fmt.Sprintf("Task %s of application %d", model.TaskID.ValueString(), model.SdkAppID.ValueInt64())
	if !model.RoomID.IsNull() {
		name += fmt.Sprintf(", room %s, user %s,", model.RoomID.ValueString(), model.UserID.ValueString())
	}
	return fmt.Sprintf("%s belongs to the service %s, but this run uses the service %s, which reports that the task does not exist. "+
		"The task may still be running and billed at %s. %s\n\n%s "+
		"To remove the task from state without stopping it, run terraform state rm ADDRESS, or replace the resource block with a removed block that has destroy = false (Terraform 1.7).",
		name, s.recorded, s.current, s.recorded, consequence, s.advice())
}

// advice says how to use the service that the task belongs to.
func (s taskService) advice() string {
	if _, isSite := trtcclient.RegionsOf(s.recorded); isSite {
		return fmt.Sprintf("To manage the task, set domain = %q in the provider block or TENCENTCLOUD_DOMAIN, and set neither endpoint nor TENCENTCLOUD_TRTC_ENDPOINT.", s.recorded)
	}
	return fmt.Sprintf("To manage the task, set endpoint in the provider block or TENCENTCLOUD_TRTC_ENDPOINT to the URL of %s.", s.recorded)
}

// hint names both services in a diagnostic about a failed call, or is empty if
// they are the same.
func (s taskService) hint() string {
	if !s.differs() {
		return ""
	}
	return fmt.Sprintf("The task belongs to the service %s, but this run uses the service %s. %s", s.recorded, s.current, s.advice())
}
