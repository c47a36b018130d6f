package acctest

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
)

// attachment is how the CLI finds a provider that somebody else started: the
// value of TF_REATTACH_PROVIDERS.
type attachment struct {
	Protocol        string
	ProtocolVersion int
	Pid             int
	Test            bool
	Addr            struct{ Network, String string }
}

// serve lets the CLI reach a provider in this process until the test ends, and
// returns the value of TF_REATTACH_PROVIDERS.
func serve(t *testing.T, server tfprotov6.ProviderServer) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	started, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	failed := make(chan error, 1)
	go func() {
		failed <- tf6server.Serve(provider.Address, func() tfprotov6.ProviderServer { return server },
			tf6server.WithDebug(ctx, started, closed),
			tf6server.WithGoPluginLogger(hclog.NewNullLogger()),
			tf6server.WithLoggingSink(t),
			tf6server.WithoutLogStderrOverride())
	}()
	t.Cleanup(func() {
		cancel()
		<-closed
	})
	select {
	case config := <-started:
		return reattachment(t, config)
	case err := <-failed:
		t.Fatalf("the provider could not be served: %v", err)
		return ""
	}
}

func reattachment(t testing.TB, config *plugin.ReattachConfig) string {
	t.Helper()
	found := attachment{
		Protocol: string(config.Protocol), ProtocolVersion: config.ProtocolVersion, Pid: config.Pid, Test: config.Test,
	}
	found.Addr.Network, found.Addr.String = config.Addr.Network(), config.Addr.String()
	text, err := json.Marshal(map[string]attachment{
		"registry.terraform.io/" + source: found, "registry.opentofu.org/" + source: found,
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
