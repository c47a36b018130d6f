package provider

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// entries returns the log lines of write at TRACE.
func entries(t *testing.T, write func(context.Context)) []map[string]any {
	t.Helper()
	var log bytes.Buffer
	write(tflogtest.RootLogger(t.Context(), &log))
	decoded, err := tflogtest.MultilineJSONDecode(&log)
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

// TestLogAttempt checks that the log of a call contains the allowed fields that
// have a value, and no others.
func TestLogAttempt(t *testing.T) {
	t.Parallel()
	head := map[string]any{
		"@level": "debug", "@message": "called the TRTC API", "@module": "provider.trtc_api",
		"action": "StopStreamIngest", "region": "ap-singapore", "host": "trtc.example.com",
		"attempt": 2.0, "took_ms": 1500.0, "waited_ms": 30.0,
	}
	for name, test := range map[string]struct {
		attempt trtcclient.Attempt
		fields  map[string]any
	}{
		"answered": {
			trtcclient.Attempt{Outcome: cloudapi.Answered, TaskID: "task", RequestID: "6c924bfe"},
			map[string]any{"outcome": "answered", "task_id": "task", "request_id": "6c924bfe"},
		},
		"refused":  {trtcclient.Attempt{Outcome: cloudapi.Refused, Code: "InternalError"}, map[string]any{"outcome": "refused", "code": "InternalError"}},
		"lost":     {trtcclient.Attempt{Outcome: cloudapi.Ambiguous, Fault: "lost"}, map[string]any{"outcome": "ambiguous", "fault": "lost"}},
		"not sent": {trtcclient.Attempt{Outcome: cloudapi.NotSent}, map[string]any{"outcome": "not sent"}},
	} {
		attempt, want := test.attempt, maps.Clone(head)
		attempt.Action, attempt.Region, attempt.Host, attempt.Number = "StopStreamIngest", "ap-singapore", "trtc.example.com", 2
		attempt.Took, attempt.Waited = 1500*time.Millisecond+999*time.Microsecond, 30*time.Millisecond
		maps.Copy(want, test.fields)
		got := entries(t, func(ctx context.Context) { logAttempt(startLogging(ctx), attempt) })
		if diff := cmp.Diff([]map[string]any{want}, got); diff != "" {
			t.Errorf("%s: log (-want +got):\n%s", name, diff)
		}
	}
}

// TestAttemptFields fails when a field is added to Attempt: check
// first that it cannot contain a secret.
func TestAttemptFields(t *testing.T) {
	t.Parallel()
	var fields []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[trtcclient.Attempt]()) {
		fields = append(fields, field.Name)
	}
	want := []string{"Action", "Code", "Fault", "Host", "MayHaveRun", "Number", "Outcome", "Region", "RequestID", "TaskID", "Took", "Waited"}
	if slices.Sort(fields); !slices.Equal(fields, want) {
		t.Errorf("an attempt has %v, want %v", fields, want)
	}
}

// TestMasks logs secrets in every part of a line of both loggers. An empty secret,
// which would match everywhere, is not masked.
func TestMasks(t *testing.T) {
	t.Parallel()
	const ticket, address = "canary-ticket", "https://example.com/live?sign=canary"
	lines := entries(t, func(ctx context.Context) {
		ctx = startLogging(ctx, secret.New(" "+ticket+"\n"), secret.Text{}, secret.New(address))
		fields := map[string]any{"field": "at " + address}
		tflog.Error(ctx, "sent "+ticket+" to "+address, fields)
		tflog.SubsystemTrace(ctx, logSubsystem, "sent "+ticket+" to "+address, fields)
		// A derived context has the same masks.
		tflog.SubsystemInfo(context.WithoutCancel(tflog.SetField(ctx, "more", 1)), logSubsystem, ticket+" plain")
	})
	if len(lines) != 3 || lines[2]["@message"] != "*** plain" {
		t.Fatalf("logged %v, want 3 lines", lines)
	}
	for _, line := range lines {
		if text := fmt.Sprint(line); strings.Contains(text, "canary") || !strings.Contains(text, "***") {
			t.Errorf("a line shows a secret, or no mask: %s", text)
		}
	}
}

// entryPoints returns the methods that send requests or mint tickets.
// Validating, planning and importing do not.
func entryPoints() []string {
	return []string{"Create", "Read", "Update", "Delete", "Invoke", "Open"}
}

// TestEveryEntryPointMasks checks that every entry point masks its secrets.
func TestEveryEntryPointMasks(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	masking := []string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range file.Decls {
			method, ok := declaration.(*ast.FuncDecl)
			if !ok || method.Recv == nil {
				continue
			}
			point := slices.Contains(entryPoints(), method.Name.Name) || name == "provider_configure.go" && method.Name.Name == "Configure"
			switch {
			case point && callsStartLogging(method):
				masking = append(masking, name+" "+method.Name.Name)
			case point:
				t.Errorf("%s: %s masks nothing", name, method.Name.Name)
			}
		}
	}
	if len(masking) < 9 {
		t.Errorf("only these mask: %v", masking)
	}
}

func callsStartLogging(method *ast.FuncDecl) bool {
	calls := false
	ast.Inspect(method, func(node ast.Node) bool {
		name, ok := node.(*ast.Ident)
		calls = calls || ok && (name.Name == "startLogging" || name.Name == "begin")
		return true
	})
	return calls
}

// TestProviderSecretsAreMasked logs the secrets of the provider block.
func TestProviderSecretsAreMasked(t *testing.T) {
	t.Parallel()
	role := types.ObjectValueMust(map[string]attr.Type{"web_identity_token": types.StringType},
		map[string]attr.Value{"web_identity_token": types.StringValue("canary-jwt")})
	config := providerModel{
		SecretKey: types.StringValue(" canary-key\n"), SecurityToken: types.StringValue("canary-token"), AssumeRoleWithWebIdentity: role,
		SdkSecretKey: types.StringUnknown(),
	}
	lines := entries(t, func(ctx context.Context) {
		tflog.Info(startLogging(ctx, config.secrets()...), "key canary-key, token canary-token, JWT canary-jwt")
	})
	if message := lines[0]["@message"]; message != "key ***, token ***, JWT ***" {
		t.Errorf("logged %q", message)
	}
}
