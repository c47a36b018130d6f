package credentials_test

import (
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

const role = "qcs::cam::uin/1000:roleName/deploy"

// TestLongRun uses every kind of temporary key for five of its lives, with
// parallel calls, against a service that checks each signature, token and
// expiry.
func TestLongRun(t *testing.T) {
	t.Parallel()
	keys := credentials.Arguments{SecretID: secret.New("AKIDbase"), SecretKey: secret.New("base-key")}
	assume := func(arguments credentials.Arguments) credentials.Arguments {
		arguments.AssumeRole = &credentials.AssumeRole{RoleARN: role}
		return arguments
	}
	tests := map[string]struct {
		arguments credentials.Arguments
		profile   string
		// renewals are the calls that each expiry costs.
		renewals []string
	}{
		"role on static keys": {assume(keys), "", []string{"AssumeRole"}},
		"role on a profile's role": {
			assume(credentials.Arguments{}), `{"secretId":"AKIDbase","secretKey":"base-key","role-arn":"qcs::cam::uin/1000:roleName/own"}`,
			[]string{"AssumeRole", "AssumeRole"},
		},
		"CVM role":           {credentials.Arguments{CAMRoleName: "cvm"}, "", []string{"metadata:cvm"}},
		"role on a CVM role": {assume(credentials.Arguments{CAMRoleName: "cvm"}), "", []string{"metadata:cvm", "AssumeRole"}},
		"web identity": {
			credentials.Arguments{AssumeRoleWithWebIdentity: &credentials.WebIdentity{RoleARN: role, WebIdentityToken: secret.New("jwt")}},
			"",
			[]string{"AssumeRoleWithWebIdentity"},
		},
		"role on a pod's role": {assume(credentials.Arguments{EnablePodOIDC: true}), "", []string{"AssumeRoleWithWebIdentity", "AssumeRole"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newChain(t)
			if test.profile != "" {
				write(t, test.profile, machine.home, ".tccli", "default.credential")
			}
			source := machine.resolve(t, test.arguments).Source
			const calls, expiries = 8, 5
			for range expiries {
				// Up to 79 % of the life of a minute; the last step is past 80 %.
				for _, step := range []time.Duration{47 * time.Second, time.Second} {
					machine.parallel(t, source, calls)
					machine.clock.Advance(step)
				}
			}
			machine.expect(t, expiries, append(test.renewals, strings.Split(strings.Repeat("DescribeStreamIngest ", 2*calls), " ")[:2*calls]...))
		})
	}
}

// chain is a machine whose world is the mock.
type chain struct {
	*world

	mock *trtcmock.Server
}

func newChain(t *testing.T) *chain {
	t.Helper()
	timer := clocktest.New(start)
	mock := trtcmock.New(trtcmock.Options{
		Credentials:       map[string]string{"AKIDbase": "base-key"},
		STSCredentialLife: time.Minute,
		CVMRoles:          []string{"cvm"},
		WebIdentityTokens: map[string]bool{"jwt": true},
		RequestsPerSecond: -1,
		Now:               timer.Now,
	})
	server := httptest.NewServer(mock)
	transport := cloudapi.NewTransport()
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	machine := &chain{mock: mock, world: &world{home: t.TempDir(), service: &service{server: server, transport: transport, clock: timer}}}
	machine.variables = map[string]string{
		"TKE_REGION": "ap-bangkok", "TKE_PROVIDER_ID": "tke", "TKE_ROLE_ARN": "qcs::cam::uin/1000:roleName/pod",
		"TKE_WEB_IDENTITY_TOKEN_FILE": write(t, `{"web_identity_token":"jwt"}`, machine.home, "token"),
	}
	return machine
}

// parallel makes calls of the API at once, each with a key of source.
func (c *chain) parallel(t *testing.T, source *credentials.Source, calls int) {
	t.Helper()
	caller := cloudapi.NewClient(cloudapi.Config{Transport: c.transport, Clock: c.clock})
	request := cloudapi.Request{
		Endpoint: c.endpoint(), Service: "trtc", Version: "2019-07-22", Action: "DescribeStreamIngest", Region: "ap-singapore",
		Parameters: map[string]any{"SdkAppId": 1400000000, "TaskId": "none"},
	}
	var running sync.WaitGroup
	for range calls {
		running.Go(func() {
			credential, err := source.Retrieve(t.Context())
			if err != nil {
				t.Errorf("Retrieve: %v", err)
				return
			}
			if _, err := caller.Call(t.Context(), credential, request, &struct{}{}); err != nil {
				t.Errorf("a call with the key: %v", err)
			}
		})
	}
	running.Wait()
}

// expect compares how often each action was called with times each of want.
func (c *chain) expect(t *testing.T, times int, want []string) {
	t.Helper()
	counts := map[string]int{}
	for _, action := range want {
		counts[action] += times
	}
	for _, call := range c.mock.Journal() {
		counts[call.Action]--
		if call.Code != "" {
			t.Errorf("%s was refused: %s", call.Action, call.Code)
		}
	}
	for action, difference := range counts {
		if difference != 0 {
			t.Errorf("%s: %d calls too few", action, difference)
		}
	}
}

func TestExpiredKeyFailsAtOnce(t *testing.T) {
	t.Parallel()
	machine := newChain(t)
	source := machine.resolve(t, credentials.Arguments{
		SecretID: secret.New("AKIDgone"), SecretKey: secret.New("k"), AssumeRole: &credentials.AssumeRole{RoleARN: role},
	}).Source
	err := machine.fail(t, source)
	if !strings.Contains(err.Error(), "AuthFailure.SecretIdNotFound") {
		t.Errorf("error = %v", err)
	}
	if calls := machine.mock.Journal(); len(calls) != 1 || machine.clock.Slept() != 0 {
		t.Errorf("%d calls and %v of sleep, want one call and no sleep", len(calls), machine.clock.Slept())
	}
}

func TestChainSurvivesFaults(t *testing.T) {
	t.Parallel()
	machine := newChain(t)
	source := machine.resolve(t, credentials.Arguments{CAMRoleName: "cvm", AssumeRole: &credentials.AssumeRole{RoleARN: role}}).Source
	err := machine.mock.Inject(
		trtcmock.Fault{Action: "metadata:cvm", Kind: trtcmock.FaultHTML502},
		trtcmock.Fault{Action: "AssumeRole", Kind: trtcmock.FaultDropAfter},
		trtcmock.Fault{Action: "AssumeRole", Kind: trtcmock.FaultDropBefore},
	)
	if err != nil {
		t.Fatal(err)
	}
	machine.parallel(t, source, 10)
}
