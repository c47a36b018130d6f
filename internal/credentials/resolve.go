// Package credentials finds the key that signs Tencent Cloud API calls and
// keeps it valid.
//
// Resolve follows the precedence of the official Tencent Cloud provider:
//
//  1. Arguments, each before its TENCENTCLOUD_… variable. An empty string
//     counts as unset.
//  2. The profile's files, if neither a secret ID nor a secret key is set.
//  3. Instead of both, if selected: the role of the TKE pod or of the CVM
//     instance.
//  4. The role in the profile's file and then the one of assume_role are
//     assumed with those keys. assume_role_with_web_identity needs no keys.
//
// Secrets, the secret ID included, are kept in secret.Text. No error or warning
// quotes one.
package credentials

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// Resolved is the result of Resolve.
type Resolved struct {
	// Source is nil when Resolve failed.
	Source *Source
	// Region is the argument, else TENCENTCLOUD_REGION, else the one in the
	// profile's .configure file, else TKE_REGION when pod OIDC is enabled, else
	// empty.
	Region string
	// Warnings name arguments that do not take effect, and risks.
	Warnings []Warning
	// VariableWarnings name variables and settings of tccli that do not take
	// effect. They are for runs that start something or in which a call fails.
	VariableWarnings []Warning
}

// Warning is about a setting that does not take effect, or a risk.
type Warning struct {
	// Summary is one line.
	Summary string
	// Detail says what is ignored, why, and what to do.
	Detail string
}

// Source is where the key to sign with comes from. It is safe for concurrent use.
type Source struct {
	retrieve func(context.Context) (cloudapi.Credential, error)
}

// Retrieve returns a key that is valid now. A temporary key is cached and
// renewed after 80 % of its lifetime. Concurrent callers wait for one renewal, at
// most 10 seconds while the key is valid and 30 seconds otherwise; it is canceled
// when no caller waits for it any longer. A failed renewal is retried with
// increasing delays, and is an error only when the key is about to expire.
//
// The error is a *NotFoundError when no source has a key, else a *SourceError.
func (s *Source) Retrieve(ctx context.Context) (cloudapi.Credential, error) {
	return s.retrieve(ctx)
}

func staticSource(credential cloudapi.Credential) *Source {
	return &Source{retrieve: func(context.Context) (cloudapi.Credential, error) { return credential, nil }}
}

// resolver holds the state of one Resolve.
type resolver struct {
	arguments   Arguments
	environment Environment
	region      string
	// regionOfProfile means that the profile gives the region.
	regionOfProfile bool
	// selected names the settings whose keys are used instead of the profile's, or
	// is empty.
	selected string
	// empty are the variables that were read and are set to an empty value.
	empty            []string
	warnings         []Warning
	variableWarnings []Warning
}

// Resolve returns the source of the keys. It reads variables and files and makes
// no call. Without any key it returns a Source that fails, because not every
// operation needs one. When Resolve fails, the result still has the warnings and,
// if found, the region. The error is a *SourceError.
func Resolve(arguments Arguments, environment Environment) (Resolved, error) {
	if environment.API == nil {
		environment.API = cloudapi.NewClient(cloudapi.Config{
			Transport: environment.Transport,
			Clock:     environment.Clock,
			UserAgent: environment.UserAgent,
		})
	}
	r := &resolver{arguments: arguments, environment: environment}
	where := r.locateProfile()
	err := r.setRegion(where)
	var source *Source
	if err == nil {
		source, err = r.source(where)
	}
	if missing, ok := errors.AsType[*NotFoundError](err); ok {
		source, err = missingSource(missing), nil
	}
	r.warnVariables()
	return Resolved{Source: r.ofAccount(source), Region: r.region, Warnings: r.warnings, VariableWarnings: r.variableWarnings}, err
}

func (r *resolver) warn(summary, detail string) {
	r.warnings = append(r.warnings, Warning{Summary: summary, Detail: detail})
}

// ignore warns that settings do not take effect, in every run if one of them is
// an argument.
func (r *resolver) ignore(summary, detail string, settings ...string) {
	if slices.ContainsFunc(settings, func(name string) bool { return name != strings.ToUpper(name) }) {
		r.warn(summary, detail)
		return
	}
	r.variableWarnings = append(r.variableWarnings, Warning{Summary: summary, Detail: detail})
}

func (r *resolver) setRegion(where profile) error {
	given := r.choose(r.arguments.Region, "region", regionVariable)
	r.region = given.text()
	if r.region != "" {
		return given.check("region")
	}
	region, err := where.region()
	if err != nil && where.asked {
		return err
	}
	if err != nil && where.err == nil {
		r.warn("The default profile's region is ignored", err.Error())
	}
	r.regionOfProfile = region != ""
	if region == "" && r.arguments.EnablePodOIDC {
		region = r.read(podRegionVariable).text()
	}
	r.region = region
	return nil
}

// source returns the keys of the last role to assume, or those that need none.
func (r *resolver) source(where profile) (*Source, error) {
	if err := r.checkUnsupportedVariables(); err != nil {
		return nil, err
	}
	keys := r.staticKeys()
	given, err := r.role()
	if err != nil {
		return nil, err
	}
	if given.ProviderID != "" {
		r.selected = given.from
		r.warnUnusedKeys(keys)
		r.warnUnusedMachineRole()
		r.warnUnusedProfile(where, false)
		return r.assume(given, nil), nil
	}
	source, own, err := r.base(keys, where)
	if err != nil {
		return nil, err
	}
	r.warnUnusedProfile(where, own.RoleARN != "")
	if own.RoleARN != "" && own.RoleARN != given.RoleARN {
		source = r.assume(own, source)
	}
	if given.RoleARN != "" {
		source = r.assume(given, source)
	}
	return source, nil
}

// role returns the role of the arguments, else of the variables, else none. A
// role in both is one role: the variables complete the argument.
func (r *resolver) role() (role, error) {
	block, webBlock := r.arguments.AssumeRole, r.arguments.AssumeRoleWithWebIdentity
	hasToken := len(r.areSet(webIdentityTokenVariable, webIdentityTokenFileVariable)) > 0
	switch {
	case webBlock != nil && block != nil:
		r.warn("assume_role is ignored", "assume_role_with_web_identity is set too and takes precedence. Remove one of the two.")
	case block != nil && hasToken:
		r.ignore("The web identity token is ignored", "assume_role is set, so the token of "+webIdentityTokenVariable+" or "+
			webIdentityTokenFileVariable+" is not used. To use it, set assume_role_with_web_identity instead.", webIdentityTokenVariable)
	case webBlock != nil || block != nil:
	case !r.read(roleARNVariable).isSet():
		r.warnRoleVariablesWithoutRole()
		return role{}, nil
	case hasToken:
		webBlock = &WebIdentity{}
	default:
		block = &AssumeRole{}
	}
	if webBlock != nil {
		return r.webIdentityRole(*webBlock)
	}
	return r.assumedRole(*block)
}

// base returns the keys that need no role, and the role of the profile, if any.
func (r *resolver) base(keys staticKeys, where profile) (*Source, role, error) {
	machine, err := r.machineRole(keys)
	switch {
	case err != nil:
		return nil, role{}, err
	case keys.none():
		return r.profileBase(where, machine)
	case machine == nil:
		r.selected = enumerate(keys.names())
		machine, err = keys.source()
	}
	return machine, role{}, err
}

// machineRole returns the keys of the pod or instance that this runs on, or nil.
// They take precedence over static keys, as in the official provider.
func (r *resolver) machineRole(keys staticKeys) (*Source, error) {
	camRole := r.choose(r.arguments.CAMRoleName, camRoleAttribute, camRoleNameVariable)
	switch {
	case r.arguments.EnablePodOIDC:
		r.selected = podOIDCAttribute
		r.warnUnusedKeys(keys)
		r.warnUnusedMachineRole()
		pod, err := r.podRole()
		if err != nil {
			return nil, err
		}
		return r.assume(pod, nil), nil
	case camRole.isSet():
		r.selected = camRole.from
		r.warnUnusedKeys(keys)
		return r.cvmRole(camRole.text()), camRole.check(camRoleAttribute)
	default:
		return nil, nil //nolint:nilnil // No role is selected, which is not an error.
	}
}

// profileBase returns machine or else the profile's keys, and the profile's role.
func (r *resolver) profileBase(where profile, machine *Source) (*Source, role, error) {
	file, err := where.credentialFile()
	switch {
	case err != nil && machine != nil && !where.asked:
		r.warn("The default profile is ignored", err.Error())
		return machine, role{}, nil
	case err == nil && machine == nil:
		machine, err = r.profileSource(where, file)
	}
	if err != nil || file.RoleARN == "" {
		return machine, role{}, err
	}
	own, err := r.profileRole(where, file)
	return machine, own, err
}
