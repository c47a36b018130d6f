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
// Resolve reads variables and files only. The Source that it returns makes the
// calls: it caches a temporary key and renews it at 80 % of its lifetime, once
// for all concurrent callers. After a failed renewal the key stays in use until
// shortly before it expires, and the renewal is retried with increasing delays.
//
// Secrets, the secret ID included, are wrapped in secret.Text from the moment
// they are read. No error or warning quotes one.
package credentials

import (
	"context"
	"errors"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// Resolved is the result of Resolve.
type Resolved struct {
	// Source returns the key; nil when Resolve failed.
	Source *Source
	// Region is the argument, else TENCENTCLOUD_REGION, else the one in the
	// profile's .configure file, else TKE_REGION when pod OIDC is enabled, else
	// empty.
	Region string
	// Warnings name settings that are ignored.
	Warnings []Warning
}

// Warning is about a setting that is ignored.
type Warning struct {
	// Summary is one line.
	Summary string
	// Detail says what is ignored, why, and what to do.
	Detail string
}

// Source returns the key to sign with. It is safe for concurrent use.
type Source struct {
	retrieve func(context.Context) (cloudapi.Credential, error)
}

// Retrieve returns a key that is valid now. A temporary key is cached and
// renewed after 80 % of its lifetime. Concurrent callers wait for one renewal, at
// most 10 seconds while the key is valid and 30 seconds otherwise; it is canceled
// when no caller waits for it any longer. A failed renewal is an error only when
// the key is about to expire.
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
	variables   *variables
	warnings    []Warning
}

// Resolve returns the source of the keys. It reads variables and files and makes
// no call. Without any key it returns a Source that fails, because not every
// operation needs one. When Resolve fails, the result still has the warnings and,
// if found, the region. The error is a *SourceError.
func Resolve(arguments Arguments, environment Environment) (Resolved, error) {
	environment = environment.withDefaults()
	r := &resolver{arguments: arguments, environment: environment, variables: &variables{lookup: environment.LookupEnv}}
	where := r.locateProfile()
	region, err := r.region(where)
	var source *Source
	if err == nil {
		source, err = r.source(where, newSTSClient(environment, region))
	}
	var missing *NotFoundError
	if errors.As(err, &missing) {
		source, err = missingSource(missing), nil
	}
	r.warnEmptyVariables()
	return Resolved{Source: source, Region: region, Warnings: r.warnings}, err
}

func (r *resolver) warn(summary, detail string) {
	r.warnings = append(r.warnings, Warning{Summary: summary, Detail: detail})
}

func (r *resolver) region(where profile) (string, error) {
	if region := r.variables.choose(r.arguments.Region, "region", regionVariable); region.isSet() {
		return region.text(), nil
	}
	region, err := where.region()
	switch {
	case err != nil && where.asked:
		return "", err
	case err != nil && where.err == nil:
		r.warn("The default profile's region is ignored", err.Error())
	case region != "":
		return region, nil
	}
	if r.arguments.EnablePodOIDC {
		return r.variables.read(podRegionVariable).text(), nil
	}
	return "", nil
}

// source returns the source of the last role to assume, or of the keys that
// need none.
func (r *resolver) source(where profile, sts *stsClient) (*Source, error) {
	if err := r.checkUnsupportedVariables(); err != nil {
		return nil, err
	}
	keys := r.staticKeys()
	role, webIdentity, err := r.role()
	if err != nil {
		return nil, err
	}
	if webIdentity != nil {
		r.warnUnusedKeys(keys, webIdentity.from)
		return webIdentity.source(sts), nil
	}
	base, profileRole, err := r.base(keys, where, sts)
	if err != nil {
		return nil, err
	}
	if profileRole != nil && (role == nil || role.arn != profileRole.arn) {
		base = profileRole.source(base, sts)
	}
	if role != nil {
		base = role.source(base, sts)
	}
	return base, nil
}

// role returns the role of the arguments, else of the variables, else nothing. A
// role in both is one role: the variables complete the argument.
func (r *resolver) role() (*assumedRole, *webIdentityRole, error) {
	block, webBlock := r.arguments.AssumeRole, r.arguments.AssumeRoleWithWebIdentity
	hasToken := len(r.variables.areSet(webIdentityTokenVariable, webIdentityTokenFileVariable)) > 0
	hasRole := block == nil && webBlock == nil && r.variables.read(roleARNVariable).isSet()
	switch {
	case webBlock != nil && block != nil:
		r.warn("assume_role is ignored", "assume_role_with_web_identity is set too and takes precedence. Remove one of the two.")
	case block != nil && hasToken:
		r.warn("The web identity token is ignored", "assume_role is set, so the token of "+webIdentityTokenVariable+" or "+
			webIdentityTokenFileVariable+" is not used. To use it, set assume_role_with_web_identity instead.")
	}
	switch {
	case webBlock != nil:
		role, err := r.webIdentityRole(*webBlock)
		return nil, role, err
	case block != nil:
		role, err := r.assumedRole(*block)
		return role, nil, err
	case hasRole && hasToken:
		role, err := r.webIdentityRole(WebIdentity{})
		return nil, role, err
	case hasRole:
		role, err := r.assumedRole(AssumeRole{})
		return role, nil, err
	default:
		r.warnRoleVariablesWithoutRole()
		return nil, nil, nil
	}
}

// base returns the keys that no role is needed for, and the role that the
// profile assumes with them, if any.
func (r *resolver) base(keys staticKeys, where profile, sts *stsClient) (*Source, *assumedRole, error) {
	machine, err := r.machineRole(keys, sts)
	switch {
	case err != nil:
		return nil, nil, err
	case keys.none():
		return r.profileBase(where, machine)
	case machine != nil:
		return machine, nil, nil
	default:
		source, err := keys.source()
		return source, nil, err
	}
}

// machineRole returns the keys of the pod or instance that this runs on, or nil
// when they are not selected. They take precedence over static keys, as in the
// official provider.
func (r *resolver) machineRole(keys staticKeys, sts *stsClient) (*Source, error) {
	camRole := r.variables.choose(r.arguments.CAMRoleName, camRoleAttribute, camRoleNameVariable)
	if r.arguments.EnablePodOIDC {
		r.warnUnusedKeys(keys, podOIDCAttribute)
		if camRole.isSet() {
			r.warn("The CVM role is not used", podOIDCAttribute+" takes precedence over "+camRole.from+". Remove one of the two.")
		}
		role, err := r.podRole()
		if err != nil {
			return nil, err
		}
		return role.source(sts.in(r.variables.peek(podRegionVariable).text())), nil
	}
	if !camRole.isSet() {
		return nil, nil //nolint:nilnil // No role is selected, which is not an error.
	}
	r.warnUnusedKeys(keys, camRole.from)
	return r.cvmRole(camRole.text()), nil
}

// profileBase returns the profile's keys, or machine's when it is not nil, and
// the profile's role.
func (r *resolver) profileBase(where profile, machine *Source) (*Source, *assumedRole, error) {
	file, err := where.credentialFile()
	switch {
	case err != nil && machine != nil && !where.asked:
		r.warn("The default profile is ignored", err.Error())
		return machine, nil, nil
	case err != nil:
		return nil, nil, err
	}
	base := machine
	if base == nil {
		if base, err = r.profileSource(where, file); err != nil {
			return nil, nil, err
		}
	}
	role, err := where.role(file)
	return base, role, err
}
