package credentials_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// identity responds to GetCallerIdentity.
func identity(account string) http.HandlerFunc {
	return respond(http.StatusOK, `{"Response":{"AccountId":"`+account+`","Type":"CAMUser","RequestId":"r"}}`)
}

func TestAccountCheck(t *testing.T) {
	t.Parallel()
	const checked = "GetCallerIdentity by ID-arg"
	for name, test := range map[string]struct {
		allowed, forbidden []string
		wire               []string
		refused            string
	}{
		"no setting":    {wire: []string{"Use by ID-arg"}},
		"allowed":       {allowed: []string{"2", "1"}, wire: []string{checked, "Use by ID-arg"}},
		"not allowed":   {allowed: []string{"2", "3"}, wire: []string{checked}, refused: "account check: the credentials belong to account 1, and allowed_account_ids lists only 2, 3"},
		"not forbidden": {forbidden: []string{"2"}, wire: []string{checked, "Use by ID-arg"}},
		"forbidden":     {forbidden: []string{"1"}, wire: []string{checked}, refused: "account check: the credentials belong to account 1, and forbidden_account_ids lists 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newWorld(t)
			source := machine.resolve(t, credentials.Arguments{
				SecretID: secret.New("ID-arg"), SecretKey: secret.New("k"), AllowedAccountIDs: test.allowed, ForbiddenAccountIDs: test.forbidden,
			}).Source
			if len(test.allowed)+len(test.forbidden) > 0 {
				machine.next(identity("1"))
			}
			if test.refused == "" {
				machine.use(t, source)
			}
			for range 2 { // No second call.
				if _, err := source.Retrieve(t.Context()); (err == nil) != (test.refused == "") || err != nil && err.Error() != test.refused {
					t.Errorf("error = %v, want %q", err, test.refused)
				}
			}
			if got := machine.lines(); !slices.Equal(got, test.wire) {
				t.Errorf("on the wire %q, want %q", got, test.wire)
			}
		})
	}
}

// TestAccountCheck_Role checks the account of the keys that sign, once for all
// renewals.
func TestAccountCheck_Role(t *testing.T) {
	t.Parallel()
	machine := newWorld(t)
	arguments := withRole(credentials.AssumeRole{RoleARN: "deploy"})
	arguments.AllowedAccountIDs = []string{"1"}
	source := machine.resolve(t, arguments).Source
	machine.next(issues("ID-deploy", start.Add(2*time.Hour).Unix()), identity("1"))
	for range 2 {
		expect(t, source, "ID-deploy")
		machine.clock.Advance(3 * time.Hour)
	}
	want := []string{"AssumeRole deploy by ID-arg", "GetCallerIdentity by ID-deploy t", "AssumeRole deploy by ID-arg"}
	if got := machine.lines(); !slices.Equal(got, want) {
		t.Errorf("on the wire %q, want %q", got, want)
	}
}

func TestAccountCheck_Failures(t *testing.T) {
	t.Parallel()
	keys := credentials.Arguments{SecretID: secret.New("ID-arg"), SecretKey: secret.New("k"), AllowedAccountIDs: []string{"1"}}
	machine := newWorld(t)
	source := machine.resolve(t, keys).Source
	machine.next(refusal("InvalidParameter.OverLimit", "m"), refusal("UnauthorizedOperation", "m"))
	err := machine.fail(t, source)
	var refused *cloudapi.APIError
	if !errors.As(err, &refused) || refused.Action != "GetCallerIdentity" || refused.Code != "UnauthorizedOperation" {
		t.Errorf("error = %v", err)
	}
	if failed := sourceError(t, err); failed.Attribute != "allowed_account_ids" {
		t.Errorf("error about %q", failed.Attribute)
	}
	machine.next(respond(http.StatusOK, `{"Response":{"RequestId":"r"}}`), identity("1"))
	machine.clock.Advance(time.Minute)
	machine.use(t, source)
	if calls := machine.wire(); len(calls) != 5 {
		t.Errorf("calls %v", calls)
	}
	if err := machine.fail(t, machine.resolve(t, credentials.Arguments{AllowedAccountIDs: []string{"1"}}).Source); !errors.As(err, new(*credentials.NotFoundError)) {
		t.Errorf("without keys: %v", err)
	}
}
