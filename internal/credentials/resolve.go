package credentials

// Resolved is where keys come from, and what else was found on the way.
type Resolved struct {
	// Source gives the key; nil when Resolve failed.
	Source *Source
	// Region is the argument, else TENCENTCLOUD_REGION, else the one of the
	// profile's .configure file, else TKE_REGION when pod OIDC is enabled. Empty
	// when there is none.
	Region string
	// Warnings tell what was set and is not used.
	Warnings []Warning
	// Origin tells in words where the key comes from, without a secret.
	Origin string
}

// resolver is one search.
type resolver struct {
	arguments   Arguments
	environment Environment
	variables   *variables
	warnings    []Warning
}

// Resolve finds where keys come from. It reads variables and files and calls
// nothing. When it fails, the result still has the warnings and, if it was
// found, the region.
//
// The error is a *NotFoundError when nothing gives a key, else a *SourceError.
func Resolve(arguments Arguments, environment Environment) (Resolved, error) {
	environment = environment.withDefaults()
	r := &resolver{arguments: arguments, environment: environment, variables: &variables{lookup: environment.LookupEnv}}
	resolved, err := r.resolve()
	r.warnEmptyVariables()
	resolved.Warnings = r.warnings
	return resolved, err
}

func (r *resolver) resolve() (Resolved, error) {
	where := r.locateProfile()
	region, err := r.region(where)
	if err != nil {
		return Resolved{}, err
	}
	source, err := r.source(where, newSTSClient(r.environment, region))
	if err != nil {
		return Resolved{Region: region}, err
	}
	return Resolved{Source: source, Region: region, Origin: source.origin}, nil
}

func (r *resolver) region(where profile) (string, error) {
	if region := r.variables.choose(r.arguments.Region, "region", regionVariable); region.isSet() {
		return region.value, nil
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
		return r.variables.read(podRegionVariable).value, nil
	}
	return "", nil
}

// source stacks the roles on the keys that are found first.
func (r *resolver) source(where profile, service *stsClient) (*Source, error) {
	keys := r.staticKeys()
	top, web, err := r.role()
	if err != nil {
		return nil, err
	}
	if web != nil {
		r.warnUnusedKeys(keys, web.from)
		return web.source(service), nil
	}
	base, own, err := r.base(keys, where, service)
	if err != nil {
		return nil, err
	}
	if own != nil && (top == nil || top.arn != own.arn) {
		base = own.over(base, service)
	}
	if top != nil {
		base = top.over(base, service)
	}
	return base, nil
}

// role returns the role of the blocks, else of the variables, else nothing. A
// role in both is one role: a block takes from the variables only what it does
// not say itself.
func (r *resolver) role() (*assumedRole, *webIdentityRole, error) {
	block, webBlock := r.arguments.AssumeRole, r.arguments.AssumeRoleWithWebIdentity
	hasToken := r.variables.peek(webIdentityTokenVariable) != "" || r.variables.peek(webIdentityTokenFileVariable) != ""
	hasRole := block == nil && webBlock == nil && r.variables.read(roleARNVariable).isSet()
	switch {
	case webBlock != nil && block != nil:
		r.warn("assume_role is ignored", "assume_role_with_web_identity is set too, and wins. Remove one of the two.")
	case block != nil && hasToken:
		r.warn("The web identity token is ignored", "assume_role is set, so the token of "+webIdentityTokenVariable+" or "+
			webIdentityTokenFileVariable+" is not used. Use assume_role_with_web_identity to use it.")
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
