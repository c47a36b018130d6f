package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// checkStart checks what a start needs, before anything is sent, and returns the
// region of the task. What depends on the configuration alone is reported in
// diags. Everything else is reported in found, because it also depends on the
// time or the environment: inPlan returns it as the diagnostics of a plan, and
// Create reports the errors in it.
func (d *providerData) checkStart(ctx context.Context, config, plan configValues, found, diags *diag.Diagnostics) types.String {
	if d.missingKeys != nil {
		found.AddError(noCredentials, missingKeys(d.missingKeys))
	}
	bySite := found
	if d.siteConfigured {
		bySite = diags
	}
	d.site.checkArguments(config, bySite)
	byRegion, region := found, config.text("region")
	if !region.IsNull() {
		byRegion = bySite
	}
	region = d.resolveRegion(region, byRegion)
	d.tickets.needsKey(config.number("sdk_app_id"), config.isTrue("mint_private_map_key"), config.secret("user_sig"), found)
	d.tickets.check(config, found, diags)
	d.checkStream(ctx, config, plan, found)
	return region
}

// checkPlannedUpdate checks in a plan what an update needs.
func (d *providerData) checkPlannedUpdate(ctx context.Context, config, plan configValues, changesStream bool, diags *diag.Diagnostics) {
	d.tickets.check(config, nil, diags)
	var found diag.Diagnostics
	bySite := &found
	if d.siteConfigured {
		bySite = diags
	}
	d.site.checkArguments(config, bySite)
	if changesStream {
		d.checkNewStream(ctx, config, plan, &found)
	}
	diags.Append(inPlan(found, false)...)
}

// checkPlannedStart is checkStart for a plan, with the start journal. replaces is
// true when the apply stops a running task first, and sameRobot when the new task
// has the user of that task.
func (d *providerData) checkPlannedStart(ctx context.Context, config, plan configValues, replaces, sameRobot bool, diags *diag.Diagnostics) types.String {
	d.warnIgnoredVariables(diags)
	d.warnRelativeJournal(diags)
	var found diag.Diagnostics
	region := d.checkStart(ctx, config, plan, &found, diags)
	if d.journalErr != nil && d.journalErr.Configured {
		found.Append(notRecorded(d.journalErr, sameRobot))
	}
	d.checkRecords(ctx, plan, replaces, &found)
	diags.Append(d.walk.explainOnce(inPlan(found, replaces))...)
	return region
}

// atPathOf returns problem at the path of original, if original has one.
func atPathOf(original, problem diag.Diagnostic) diag.Diagnostic {
	if attribute, ok := original.(diag.DiagnosticWithPath); ok {
		return diag.WithPath(attribute.Path(), problem)
	}
	return problem
}

// inPlan returns found as the diagnostics of a plan.
//
// terraform destroy makes this plan too and stops at its errors. So they are
// warnings, and the apply reports the errors. They stay errors in a plan that
// replaces a running task: Terraform stops that task before it starts the new one.
func inPlan(found diag.Diagnostics, replaces bool) diag.Diagnostics {
	planned := make(diag.Diagnostics, 0, len(found))
	for _, one := range found {
		summary, detail := one.Summary(), one.Detail()
		problem := one
		switch {
		case one.Severity() != diag.SeverityError:
		case replaces:
			problem = diag.NewErrorDiagnostic(summary, detail+"\n\nThis plan replaces a running task. It fails before the task is stopped. "+
				"To destroy the task, run terraform destroy -refresh=false, which does not make this plan.")
		default:
			problem = diag.NewWarningDiagnostic(summary, detail+"\n\nAn apply that starts or updates this task fails with this error. "+
				"It is a warning in the plan so that terraform destroy, which makes the same plan, works.")
		}
		planned.Append(atPathOf(one, problem))
	}
	return planned
}
