package credentials

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// AccountError means that the keys belong to an account that allowed_account_ids
// does not list or that forbidden_account_ids lists.
type AccountError struct {
	// AccountID is the account that the keys belong to.
	AccountID string
	// Setting is the provider's argument that excludes the account.
	Setting string
	// Listed has the accounts in that argument.
	Listed []string
}

// Error names the account and the argument that excludes it.
func (e *AccountError) Error() string {
	verb := " lists only "
	if e.Setting == forbiddenAccountsAttribute {
		verb = " lists "
	}
	return "the credentials belong to account " + e.AccountID + ", and " + e.Setting + verb + strings.Join(e.Listed, ", ")
}

// callerIdentity is the output of GetCallerIdentity.
type callerIdentity struct {
	AccountID string `json:"AccountId"`
}

// IsComplete requires the account.
func (c *callerIdentity) IsComplete() bool { return c.AccountID != "" }

// ofAccount returns source if every account is accepted, else a source that asks
// STS for the account of source's keys before it returns the first one. A renewed
// key belongs to the same account.
func (r *resolver) ofAccount(source *Source) *Source {
	excluded := &AccountError{Setting: allowedAccountsAttribute, Listed: r.arguments.AllowedAccountIDs}
	if len(excluded.Listed) == 0 {
		excluded = &AccountError{Setting: forbiddenAccountsAttribute, Listed: r.arguments.ForbiddenAccountIDs}
	}
	if source == nil || len(excluded.Listed) == 0 {
		return source
	}
	// The cache makes one call for all concurrent callers, and remembers failures.
	checked := temporarySource(r.environment, origin{"account check", excluded.Setting}, func(ctx context.Context) (temporary, error) {
		credential, err := source.Retrieve(ctx)
		if err != nil {
			return temporary{}, err
		}
		var caller callerIdentity
		request := cloudapi.Request{Action: "GetCallerIdentity", Region: cmp.Or(r.region, defaultSTSRegion), Parameters: struct{}{}}
		if _, err := r.callSTS(ctx, credential, request, &caller); err != nil {
			return temporary{}, err
		}
		if slices.Contains(excluded.Listed, caller.AccountID) != (excluded.Setting == allowedAccountsAttribute) {
			return temporary{}, &AccountError{AccountID: caller.AccountID, Setting: excluded.Setting, Listed: excluded.Listed}
		}
		end := r.environment.now().AddDate(100, 0, 0) // longer than a process runs
		return temporary{renewAt: end, expires: end}, nil
	})
	return &Source{retrieve: func(ctx context.Context) (cloudapi.Credential, error) {
		credential, err := source.Retrieve(ctx)
		if err == nil {
			_, err = checked.Retrieve(ctx)
		}
		if err != nil {
			return cloudapi.Credential{}, err
		}
		return credential, nil
	}}
}
