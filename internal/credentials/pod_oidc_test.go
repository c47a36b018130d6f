package credentials_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
)

func podWorld(t *testing.T) *world {
	t.Helper()
	machine := newWorld(t)
	machine.variables = map[string]string{
		"TKE_REGION": "ap-bangkok", "TKE_PROVIDER_ID": "tke", "TKE_ROLE_ARN": "pod",
		"TKE_WEB_IDENTITY_TOKEN_FILE": write(t, "jwt", machine.home, "token"),
	}
	return machine
}

func TestPodOIDC(t *testing.T) {
	t.Parallel()
	machine := podWorld(t)
	arguments := credentials.Arguments{EnablePodOIDC: true, Region: "ap-tokyo", AssumeRole: &credentials.AssumeRole{RoleARN: "block"}}
	resolved := machine.resolve(t, arguments)
	machine.use(t, resolved.Source)
	calls := machine.wire()
	want := "[AssumeRoleWithWebIdentity pod by SKIP AssumeRole block by ID-pod TOKEN-pod Use by ID-block TOKEN-block]"
	if fmt.Sprint(calls) != want {
		t.Fatalf("on the wire: %v\nwant %s", calls, want)
	}
	parameters := map[string]any{
		"RoleArn": "pod", "ProviderId": "tke", "RoleSessionName": "terraform-provider-trtc", "DurationSeconds": 7200.0, "WebIdentityToken": "jwt",
	}
	if fmt.Sprint(calls[0].Parameters) != fmt.Sprint(parameters) {
		t.Errorf("sent %v\nwant %v", calls[0].Parameters, parameters)
	}
	if calls[0].Region != "ap-bangkok" || calls[1].Region != "ap-tokyo" {
		t.Errorf("sent to %s and %s, want TKE_REGION for the pod's role only", calls[0].Region, calls[1].Region)
	}
}

func TestPodOIDCNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	names := []string{"TKE_REGION", "TKE_PROVIDER_ID", "TKE_WEB_IDENTITY_TOKEN_FILE", "TKE_ROLE_ARN"}
	for _, missing := range names {
		machine := podWorld(t)
		machine.variables[missing] = ""
		_, err := machine.refuse(t, credentials.Arguments{EnablePodOIDC: true})
		if !strings.HasPrefix(err.Error(), "enable_pod_oidc: "+missing+" is not set") {
			t.Errorf("without %s: %v", missing, err)
		}
	}
	machine := newWorld(t)
	_, err := machine.refuse(t, credentials.Arguments{EnablePodOIDC: true})
	for _, name := range names {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("without any, %s is not named: %v", name, err)
		}
	}
}
