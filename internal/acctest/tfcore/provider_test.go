package tfcore_test

import (
	"slices"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

func connect(t *testing.T, server *fake) *tfcore.Provider {
	t.Helper()
	provider, err := tfcore.Connect(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	return provider
}

// TestProvider_RefusedConfiguration checks that nothing is done with a refused configuration.
func TestProvider_RefusedConfiguration(t *testing.T) {
	t.Parallel()
	provider := connect(t, &fake{refuses: "bad"})
	bad, good := tfcore.Values{"name": "bad"}, tfcore.Values{"name": "good"}
	for name, test := range map[string]struct {
		do      func(config tfcore.Values) tfcore.Diagnostics
		warning string
	}{
		"configure": {func(config tfcore.Values) tfcore.Diagnostics { return provider.Configure(t.Context(), config) }, "configured"},
		"invoke": {func(config tfcore.Values) tfcore.Diagnostics {
			progress, diags := provider.Invoke(t.Context(), "fake", config)
			if slices.Equal(progress, []string{"half"}) == diags.HasErrors() {
				t.Errorf("progress %q, diagnostics %s", progress, diags)
			}
			return diags
		}, "invoked"},
		"read": {func(config tfcore.Values) tfcore.Diagnostics {
			values, diags := provider.ReadData(t.Context(), "fake", config)
			if (values["id"] == "read") == diags.HasErrors() {
				t.Errorf("values %v, diagnostics %s", values, diags)
			}
			return diags
		}, ""},
	} {
		if diags := test.do(bad); len(diags) != 1 || len(diags.On("name").Errors()) != 1 || len(diags.Bugs()) > 0 {
			t.Errorf("%s with a refused configuration: %s", name, diags)
		}
		diags := test.do(good)
		if diags.HasErrors() || len(diags) > 0 != (test.warning != "") || len(diags.Mentioning(test.warning)) != len(diags) {
			t.Errorf("%s: %s", name, diags)
		}
	}
}

func TestProvider_Bugs(t *testing.T) {
	t.Parallel()
	provider := connect(t, &fake{})
	_, unknown := provider.ReadData(t.Context(), "fake", tfcore.Values{"name": "unknown"})
	_, noData := provider.ReadData(t.Context(), "other", nil)
	_, noAction := provider.Invoke(t.Context(), "other", nil)
	for name, diags := range map[string]tfcore.Diagnostics{
		"unknown value of a data source": unknown, "no such data source": noData, "no such action": noAction,
		"no such argument": provider.Configure(t.Context(), tfcore.Values{"label": "x"}),
	} {
		if len(diags.Bugs()) != 1 {
			t.Errorf("%s: diagnostics %s", name, diags)
		}
	}
}
