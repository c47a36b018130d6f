package tfserver

import (
	"os"
	"testing"
)

func TestQuiet(t *testing.T) {
	for name, test := range map[string]struct {
		environment   map[string]string
		sdk, provider string
	}{
		"nobody asks":                {nil, "OFF", "OFF"},
		"Terraform is to log":        {map[string]string{"TF_LOG": "info"}, "", ""},
		"providers are to log":       {map[string]string{"TF_LOG_PROVIDER": "debug"}, "", ""},
		"an agent keeps all lines":   {map[string]string{"TF_TEMP_LOG_PATH": "/tmp/log"}, "", ""},
		"the SDK is asked by itself": {map[string]string{"TF_LOG_SDK": "warn"}, "warn", "OFF"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, variable := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_TEMP_LOG_PATH", "TF_LOG_SDK", "TF_LOG_PROVIDER_TRTC"} {
				t.Setenv(variable, test.environment[variable])
			}
			if err := quiet(); err != nil {
				t.Fatal(err)
			}
			if sdk, provider := os.Getenv("TF_LOG_SDK"), os.Getenv("TF_LOG_PROVIDER_TRTC"); sdk != test.sdk || provider != test.provider {
				t.Errorf("levels = %q for the SDK and %q for the provider, want %q and %q", sdk, provider, test.sdk, test.provider)
			}
		})
	}
}
