package provider

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// entryPoints are the methods through which Terraform has the provider do
// something. Validating, planning and importing call nothing.
func entryPoints() []string {
	return []string{"Create", "Read", "Update", "Delete", "Invoke", "Open"}
}

// TestEveryEntryPointMasks: none may be added without its masks.
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

// TestProviderSecretsAreMasked logs the provider block on purpose.
func TestProviderSecretsAreMasked(t *testing.T) {
	t.Parallel()
	role, diags := types.ObjectValue(map[string]attr.Type{"web_identity_token": types.StringType},
		map[string]attr.Value{"web_identity_token": types.StringValue("canary-jwt")})
	if diags.HasError() {
		t.Fatal(diags)
	}
	for name, config := range map[string]providerModel{
		"everything": {
			SecretKey: types.StringValue(" canary-key\n"), SecurityToken: types.StringValue("canary-token"), AssumeRoleWithWebIdentity: role,
		},
		"nothing known": {
			SecretKey: types.StringUnknown(), SecurityToken: types.StringNull(), AssumeRoleWithWebIdentity: types.ObjectUnknown(nil),
		},
	} {
		lines := entries(t, func(ctx context.Context) {
			ctx = startLogging(ctx, config.secrets()...)
			tflog.Info(ctx, "key canary-key, token canary-token, JWT canary-jwt")
		})
		message, _ := lines[0]["@message"].(string)
		if masked := "key ***, token ***, JWT ***"; (message == masked) != (name == "everything") {
			t.Errorf("%s: logged %q", name, message)
		}
	}
}
