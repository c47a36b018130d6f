package main

import (
	"context"
	"io"
	"os/exec"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

const (
	protocolVersion = 6
	schemaMethod    = "/tfplugin6.Provider/GetProviderSchema"
	// maxMessage is larger than any schema.
	maxMessage = 64 << 20
)

// start is one start of a provider.
type start struct {
	// took is the time from starting the process to its schema in hand.
	took time.Duration
	// used is the CPU time that this took the provider.
	used time.Duration
	// peak is the most memory that was resident, in bytes.
	peak int64
}

// startOnce starts a provider as Terraform does, asks for its schema, and ends
// it. Where the system does not tell them, used and peak are 0.
func startOnce(ctx context.Context, binary string) (start, error) {
	began := time.Now()
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
			MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		},
		VersionedPlugins: map[int]plugin.PluginSet{protocolVersion: {"provider": bareConnection{}}},
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		Cmd:              exec.CommandContext(ctx, binary),
		Logger:           hclog.NewNullLogger(),
		SyncStdout:       io.Discard, SyncStderr: io.Discard,
		AutoMTLS: true,
	})
	defer client.Kill()
	if err := askSchema(ctx, client); err != nil {
		return start{}, err
	}
	once := start{took: time.Since(began)}
	pid := client.ReattachConfig().Pid
	var err error
	if once.used, err = cpuTime(pid); err != nil {
		return once, ignoreElsewhere(err)
	}
	once.peak, err = peakMemory(pid)
	return once, err
}

// askSchema shakes hands and receives the schema. It is not decoded: that
// would be Terraform's cost, not the provider's.
func askSchema(ctx context.Context, client *plugin.Client) error {
	connected, err := client.Client()
	if err != nil {
		return err
	}
	raw, err := connected.Dispense("provider")
	if err != nil {
		return err
	}
	connection, _ := raw.(*grpc.ClientConn)
	return connection.Invoke(ctx, schemaMethod, &emptypb.Empty{}, &emptypb.Empty{}, grpc.MaxCallRecvMsgSize(maxMessage))
}

// bareConnection is a plugin whose client is the connection itself.
type bareConnection struct{ plugin.NetRPCUnsupportedPlugin }

// GRPCClient hands out the connection.
func (bareConnection) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, connection *grpc.ClientConn) (any, error) {
	return connection, nil
}

// GRPCServer is never called on this side.
func (bareConnection) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error { return nil }
