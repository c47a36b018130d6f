package credentials

import "errors"

const podOIDCAttribute = "enable_pod_oidc"

// podRole is the role of the TKE pod that this runs in, a web identity role
// that TKE describes in variables of its own.
func (r *resolver) podRole() (*webIdentityRole, error) {
	values := map[string]string{}
	var missing []string
	for _, name := range []string{podRegionVariable, podProviderIDVariable, podTokenFileVariable, podRoleARNVariable} {
		values[name] = r.variables.read(name).value
		if values[name] == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return nil, &SourceError{
			Source:    podOIDCAttribute,
			Attribute: podOIDCAttribute,
			Err:       errors.New(enumerate(missing) + be(missing) + " not set: TKE sets them in a pod whose service account is bound to a CAM role"),
		}
	}
	return &webIdentityRole{
		session: session{
			from:      podOIDCAttribute,
			attribute: podOIDCAttribute,
			arn:       values[podRoleARNVariable],
			name:      defaultSessionName,
			duration:  defaultSessionDuration,
		},
		providerID: values[podProviderIDVariable],
		token:      identityToken{path: values[podTokenFileVariable]},
	}, nil
}
