package credentials

import (
	"context"
	"errors"
	"net/url"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

const assumeRoleAttribute = "assume_role"

var errExternalID = errors.New("it must be 2 to 128 letters, digits and " + externalIDMarks + " only")

// assumedRole is a role that other keys take on; STS AssumeRole.
type assumedRole struct {
	session

	policy     string
	externalID string
}

type assumeRoleParameters struct {
	RoleArn         string
	RoleSessionName string
	DurationSeconds int64
	Policy          string `json:",omitempty"`
	ExternalID      string `json:"ExternalId,omitempty"`
}

// assumedRole completes the block, which may be empty, from the variables.
func (r *resolver) assumedRole(block AssumeRole) (*assumedRole, error) {
	role, err := r.newSession(assumeRoleAttribute, block.RoleARN, block.SessionName, block.SessionDuration)
	if err != nil {
		return nil, err
	}
	externalID := r.variables.choose(block.ExternalID, "external_id of "+assumeRoleAttribute, externalIDVariable)
	if externalID.isSet() && !isName(externalID.value, externalIDMarks) {
		return nil, &SourceError{Source: externalID.from, Attribute: assumeRoleAttribute, Err: errExternalID}
	}
	return &assumedRole{session: role, policy: block.Policy, externalID: externalID.value}, nil
}

// over returns the source of the role's keys when base's keys take it on.
func (a *assumedRole) over(base *Source, service *stsClient) *Source {
	fetch := func(ctx context.Context) (temporary, error) {
		credential, err := base.Retrieve(ctx)
		if err != nil {
			return temporary{}, err
		}
		issued, err := service.call(ctx, credential, cloudapi.Request{Action: "AssumeRole", Parameters: a.parameters()}, a.duration)
		if err != nil {
			return temporary{}, a.failure(err)
		}
		return issued, nil
	}
	return temporarySource(base.origin+", then "+a.String(), a.failure, service.clock, fetch)
}

func (a *assumedRole) parameters() assumeRoleParameters {
	return assumeRoleParameters{
		RoleArn:         a.arn,
		RoleSessionName: a.name,
		DurationSeconds: int64(a.duration.Seconds()),
		// STS documents the policy as URL-encoded text.
		Policy:     url.QueryEscape(a.policy),
		ExternalID: a.externalID,
	}
}
