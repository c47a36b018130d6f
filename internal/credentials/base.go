package credentials

// base finds the keys that need no other keys, and the role that the profile
// puts on top of them, if any.
func (r *resolver) base(keys staticKeys, where profile, service *stsClient) (*Source, *assumedRole, error) {
	machine, asked, err := r.machine(keys, service)
	switch {
	case err != nil:
		return nil, nil, err
	case keys.none():
		return r.profileBase(where, machine)
	case asked:
		return machine, nil, nil
	case !keys.complete():
		return nil, nil, keys.half()
	default:
		return keys.source(), nil, nil
	}
}

// machine returns the keys of the pod or instance that this runs on when they
// are asked for. They win over keys, as in the official provider.
func (r *resolver) machine(keys staticKeys, service *stsClient) (source *Source, asked bool, err error) {
	camRole := r.variables.choose(r.arguments.CAMRoleName, camRoleAttribute, camRoleNameVariable)
	if r.arguments.EnablePodOIDC {
		r.warnUnusedKeys(keys, podOIDCAttribute)
		if camRole.isSet() {
			r.warn("The CVM role is not used", podOIDCAttribute+" wins over "+camRole.from+". Remove one of the two.")
		}
		role, err := r.podRole()
		if err != nil {
			return nil, true, err
		}
		return role.source(service.in(r.variables.peek(podRegionVariable))), true, nil
	}
	if !camRole.isSet() {
		return nil, false, nil
	}
	r.warnUnusedKeys(keys, camRole.from)
	return r.cvmRole(camRole.value), true, nil
}

// profileBase takes the profile's keys, unless machine, which may be nil, has
// some already, and the profile's role.
func (r *resolver) profileBase(where profile, machine *Source) (*Source, *assumedRole, error) {
	file, err := where.keys()
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
	if file.roleARN == "" {
		return base, nil, nil
	}
	role, err := where.session(file)
	if err != nil {
		return nil, nil, err
	}
	return base, &assumedRole{session: role}, nil
}

func (r *resolver) profileSource(where profile, file profileKeys) (*Source, error) {
	switch {
	case file.missing == nil:
		return staticSource(where.String(), file.credential), nil
	case where.named || !file.absent:
		return nil, where.failure(file.missing)
	default:
		return nil, r.notFound(where, file)
	}
}

// notFound lists every place that a key could have come from.
func (r *resolver) notFound(where profile, file profileKeys) error {
	return &NotFoundError{Tried: []Tried{
		{Source: "arguments secret_id and secret_key", Why: "not set"},
		{Source: "variables " + secretIDVariable + " and " + secretKeyVariable, Why: r.whyNoKeys()},
		{Source: where.String(), Why: file.missing.Error()},
		{Source: "CVM role", Why: "neither " + camRoleAttribute + " nor " + camRoleNameVariable + " is set"},
		{Source: "pod OIDC", Why: podOIDCAttribute + " is not set"},
		{Source: "web identity", Why: r.whyNoWebIdentity()},
	}}
}

func (r *resolver) whyNoKeys() string {
	var empty []string
	for _, name := range r.variables.empty {
		if name == secretIDVariable || name == secretKeyVariable {
			empty = append(empty, name)
		}
	}
	switch {
	case len(empty) > 0:
		return enumerate(empty) + ": set but empty"
	case r.variables.peek(securityTokenVariable) != "":
		return securityTokenVariable + " is set but " + secretIDVariable + " is not"
	default:
		return "not set"
	}
}

func (r *resolver) whyNoWebIdentity() string {
	if r.arguments.AssumeRole != nil {
		return "assume_role is set instead, which needs keys to begin with"
	}
	if r.variables.peek(roleARNVariable) != "" {
		return roleARNVariable + " is set but no web identity token is, so the role needs keys to begin with"
	}
	return webIdentityAttribute + " is not set, and neither are its variables"
}
