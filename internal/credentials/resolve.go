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
	// Source is nil if Resolve failed.
	Source *Source
	// Missing is the error of Source if no source has a key, else nil.
	Missing *NotFoundError
	// Region is the argument, else TENCENTCLOUD_REGION, else the one in the
	// profile's .configure file, else TKE_REGION when pod OIDC is enabled, else
	// empty.
	Region string
	// Warnings name arguments that do not take effect, and risks.
	Warnings []Warning
	// VariableWarnings name variables and settings of tccli that do not take
	// effect. The caller shows them in runs that start a task or in which a call
	// fails.
	VariableWarnings []Warning
}

// Warning is about a setting that does not take effect, or a risk.
type Warning struct {
	// Summary is one line.
	Summary string
	// Detail says what is ignored, why, and what to do.
	Detail string
}

// Source returns the key to sign requests with. It is safe for concurrent use.
type Source struct {
	retrieve func(context.Context) (cloudapi.Credential, error)
}

// Retrieve returns a key that is valid now. A temporary key is cached and
// renewed after 80 % of its lifetime. Concurrent callers wait for one renewal, at
// most 10 seconds while the key is valid and 30 seconds otherwise. If the context
// of the renewing caller ends, another caller renews the key. A failed renewal is
// retried after a minute, and is an error only if the key is about to expire.
//
// The error is a *NotFoundError when no source has a key, else a *SourceError.
func (s *Source) Retrieve(ctx context.Context) (cloudapi.Credential, error) {
	return s.retrieve(ctx)
}

func staticSource(name string, credential cloudapi.Credential) *Source {
	credential.Source = name
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
	// empty has the variables that were read and are set to an empty value.
	empty            []string
	warnings         []Warning
	variableWarnings []Warning
}

// Resolve returns the source of the keys. It reads variables and files and makes
// no call. If there is no key, it returns a Source that fails, because not every
// operation needs a key. If Resolve fails, the result has the warnings and, if
// found, the region. The error is a *SourceError.
func Resolve(arguments Arguments, environment Environment) (Resolved, error) {
	r := &resolver{arguments: arguments, environment: environment}
	profile := r.locateProfile()
	err := r.setRegion(profile)
	var source *Source
	if err == nil {
		source, err = r.source(profile)
	}
	missing, isMissing := errors.AsType[*NotFoundError](err)
	if isMissing {
		source, err = &Source{retrieve: func(context.Context) (cloudapi.Credential, error) { return cloudapi.Credential{}, missing }}, nil
	}
	r.warnVariables()
	return Resolved{Source: r.ofAccount(source), Missing: missing, Region: r.region, Warnings: r.warnings, VariableWarnings: r.variableWarnings}, err
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

func (r *resolver) setRegion(profile profile) error {
	configured := r.choose(r.arguments.Region, "region", regionVariable)
	r.region = configured.text()
	if r.region != "" {
		return configured.check("region")
	}
	region, err := profile.region()
	if err != nil && profile.explicit {
		return err
	}
	if err != nil && profile.err == nil {
		r.warn("The default profile's region is ignored", err.Error())
	}
	r.regionOfProfile = region != ""
	if region == "" && r.arguments.EnablePodOIDC {
		region = r.read(podRegionVariable).text()
	}
	r.region = region
	return nil
}

// source returns the keys of the last role to assume, or the base keys if no role
// is configured.
func (r *resolver) source(profile profile) (*Source, error) {
	if err := r.checkUnsupportedVariables(); err != nil {
		return nil, err
	}
	keys := r.staticKeys()
	configuredRole, err := r.role()
	if err != nil {
		return nil, err
	}
	if configuredRole.ProviderID != "" {
		r.selected = configuredRole.from
		r.warnUnusedKeys(keys)
		r.warnUnusedMachineRole()
		r.warnUnusedProfile(profile, false)
		return r.assume(configuredRole, nil), nil
	}
	source, fileRole, err := r.base(keys, profile)
	if err != nil {
		return nil, err
	}
	r.warnUnusedProfile(profile, fileRole.RoleARN != "")
	if fileRole.RoleARN != "" && fileRole.RoleARN != configuredRole.RoleARN {
		source = r.assume(fileRole, source)
	}
	if configuredRole.RoleARN != "" {
		source = r.assume(configuredRole, source)
	}
	return source, nil
}

// role returns the role in the arguments, else the role in the variables, else an
// empty role. If both have a role, the variables complete the argument.
func (r *resolver) role() (role, error) {
	block, webBlock := r.arguments.AssumeRole, r.arguments.AssumeRoleWithWebIdentity
	hasToken := len(r.configuredVariables(webIdentityTokenVariable, webIdentityTokenFileVariable)) > 0
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

// base returns the keys that are used without assuming a role, and the role of the
// profile, if any.
func (r *resolver) base(keys staticKeys, profile profile) (*Source, role, error) {
	machine, err := r.machineRole(keys)
	switch {
	case err != nil:
		return nil, role{}, err
	case keys.isEmpty():
		return r.profileBase(profile, machine)
	case machine == nil:
		r.selected = enumerate(keys.names())
		machine, err = keys.source()
	}
	return machine, role{}, err
}

// machineRole returns the keys of this pod or instance, or nil. These keys take
// precedence over static keys, as in the official provider.
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
		return nil, nil //nolint:nilnil // No selected role is not an error.
	}
}

// profileBase returns machine or else the profile's keys, and the profile's role.
func (r *resolver) profileBase(profile profile, machine *Source) (*Source, role, error) {
	file, err := profile.credentialFile()
	switch {
	case err != nil && machine != nil && !profile.explicit:
		r.warn("The default profile is ignored", err.Error())
		return machine, role{}, nil
	case err == nil && machine == nil:
		machine, err = r.profileSource(profile, file)
	}
	if err != nil || file.RoleARN == "" {
		return machine, role{}, err
	}
	fileRole, err := r.profileRole(profile, file)
	return machine, fileRole, err
}
