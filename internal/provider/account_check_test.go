package provider_test

import (
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

const (
	callerIdentity = "GetCallerIdentity"
	// account is that of the role roleARN, and of keys that have no other one.
	account, otherAccount = "100000000001", "100000000002"
	roleVariable          = "TENCENTCLOUD_ASSUME_ROLE_ARN"
)

// accounts gives the key otherID another account.
func accounts(options *trtcmock.Options) {
	options.Accounts = map[string]string{otherID: otherAccount}
}

// TestAccountCheck checks which account signs, once, before the first call.
func TestAccountCheck(t *testing.T) {
	t.Parallel()
	other := map[string]string{idVariable: otherID, keyVariable: otherSecret}
	for name, test := range map[string]struct {
		arguments tfcore.Values
		variables map[string]string
		calls     []string // before DescribeStreamIngest
		refused   string   // what the error says, or empty
	}{
		"allowed":     {arguments: static(tfcore.Values{"allowed_account_ids": []any{otherAccount, " " + account + "\n"}}), calls: []string{callerIdentity}},
		"not allowed": {tfcore.Values{"allowed_account_ids": []any{account}}, other, []string{callerIdentity}, "belong to account " + otherAccount + ", and allowed_account_ids lists only " + account},
		"forbidden":   {tfcore.Values{"forbidden_account_ids": []any{otherAccount}}, other, []string{callerIdentity}, "belong to account " + otherAccount + ", and forbidden_account_ids lists " + otherAccount},
		"role of another account": {
			static(tfcore.Values{"allowed_account_ids": []any{account}}),
			map[string]string{roleVariable: "qcs::cam::uin/" + otherAccount + ":roleName/deploy"},
			[]string{assumeRole, callerIdentity},
			"belong to account " + otherAccount,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world, _ := keyWorld(t, test.variables, accounts)
			connected := keyProvider(t, world, test.arguments)
			world.ExpectJournal(t)
			if test.refused == "" {
				for range 2 {
					if said := readTask(t, connected); said.HasErrors() {
						t.Error(said)
					}
				}
				world.ExpectJournal(t, append(test.calls, acctest.Describe, acctest.Describe)...)
				return
			}
			acctest.ExpectError(t, readTask(t, connected), "", "The credentials belong to another account", test.refused, "Nothing was sent to TRTC")
			acctest.ExpectError(t, readTask(t, connected), "", "The credentials belong to another account", sameTitle)
			world.ExpectJournal(t, test.calls...)
		})
	}
}

// TestAccountCheck_Refused checks that a call that STS refuses is an error of the
// operation, and that invalid arguments are errors of the provider block.
func TestAccountCheck_Refused(t *testing.T) {
	t.Parallel()
	world, _ := keyWorld(t, nil)
	world.Inject(t, acctest.RejectAll(callerIdentity, "UnauthorizedOperation"))
	connected := keyProvider(t, world, static(tfcore.Values{"allowed_account_ids": []any{account}}))
	acctest.ExpectError(t, readTask(t, connected), "", "The account of the credentials cannot be read", "sts:GetCallerIdentity", "Code: UnauthorizedOperation", "RequestId: ")
	world.ExpectJournal(t, callerIdentity+":UnauthorizedOperation")
	for rule, arguments := range map[string]tfcore.Values{
		"cannot be specified when": {"allowed_account_ids": []any{account}, "forbidden_account_ids": []any{otherAccount}},
		"must be an account ID":    {"allowed_account_ids": []any{"my-account"}},
	} {
		if said := world.Connect(t).Configure(t.Context(), keyValues(world, static(arguments))); len(said.Errors().Mentioning(rule)) == 0 {
			t.Errorf("said %s, want an error that says %q", said, rule)
		}
	}
}

// TestAccAccountCheck applies with the keys of one account, and then runs commands
// with those of another.
func TestAccAccountCheck(t *testing.T) {
	t.Parallel()
	world, _ := keyWorld(t, map[string]string{idVariable: acctest.SecretID, keyVariable: acctest.SecretKey}, accounts)
	cli := world.CLI(t)
	cli.Write(t, "main.tf", "provider \"trtc\" {\n  endpoint = \""+world.URL+"\"\n  sts_endpoint = \""+world.URL+"\"\n  region = \""+acctest.Region+
		"\"\n  allowed_account_ids = [\""+account+"\"]\n}\n"+world.StreamIngest(t, nil))
	cli.MustRun(t, "validate")
	world.ExpectJournal(t)
	cli.MustRun(t, "apply", "-auto-approve")
	world.ExpectJournal(t, callerIdentity, acctest.Start, acctest.Describe)
	cli.MustRun(t, "plan", "-refresh=false")
	world.ExpectJournal(t)

	world.Setenv(map[string]string{idVariable: otherID, keyVariable: otherSecret})
	for _, command := range [][]string{{"plan"}, {"destroy", "-auto-approve"}, {"destroy", "-auto-approve", "-refresh=false"}} {
		said := cli.Run(t, append(command, "-no-color")...)
		if said.ExitCode == 0 || !strings.Contains(said.Stderr, "The credentials belong to another account") || !strings.Contains(said.Stderr, otherAccount) {
			t.Errorf("%s: exit code %d: %s", command, said.ExitCode, said.Stderr)
		}
		world.ExpectJournal(t, callerIdentity)
	}
	if len(world.Mock.Alive()) != 1 {
		t.Error("the task does not run")
	}
}
