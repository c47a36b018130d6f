package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/protobuf/types/known/emptypb"
)

const protocolVersion, schemaMethod = 6, "/tfplugin6.Provider/GetProviderSchema"

// usage is what a command or a process has used.
type usage struct {
	took, cpu time.Duration
	// peak is the largest resident memory in bytes, or NaN where the system
	// does not report it.
	peak float64
}

// process is a provider that was started as the CLI does it, but not by the
// CLI, so that it can be measured.
type process struct {
	command *exec.Cmd
	client  *plugin.Client
}

// launch starts a provider and connects to it.
func launch(ctx context.Context, binary string, variables []string) (*process, error) {
	command := exec.CommandContext(ctx, binary)
	command.Env = variables
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
			MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		},
		VersionedPlugins: map[int]plugin.PluginSet{protocolVersion: {}},
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		Cmd:              command,
		SkipHostEnv:      true,
		Logger:           hclog.NewNullLogger(),
		SyncStdout:       io.Discard,
		SyncStderr:       io.Discard,
	})
	// The connection stays open until the end, as the CLI's does.
	if _, err := client.Client(); err != nil {
		client.Kill()
		return nil, err
	}
	return &process{command: command, client: client}, nil
}

// end ends the process and returns what it has used.
func (p *process) end() usage {
	// The maximum in the rusage of a child includes the memory that its parent
	// had when it started the child.
	text := procField(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid), "VmHWM")
	kilobytes, err := strconv.ParseFloat(strings.TrimSuffix(text, " kB"), 64)
	if err != nil {
		kilobytes = math.NaN()
	}
	p.client.Kill()
	state := p.command.ProcessState
	return usage{cpu: state.UserTime() + state.SystemTime(), peak: kilobytes * 1024}
}

// procField returns the value of the first line "name: value" of a file that
// Linux has, or "unknown".
func procField(file, name string) string {
	content, _ := os.ReadFile(file) //nolint:gosec // A file in /proc.
	for line := range strings.Lines(string(content)) {
		if key, value, _ := strings.Cut(line, ":"); strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// measureStart starts a provider, requests its schema and ends it.
func measureStart(ctx context.Context, binary string) (usage, error) {
	began := time.Now()
	started, err := launch(ctx, binary, os.Environ())
	if err != nil {
		return usage{}, err
	}
	client, err := started.client.Client()
	if connected, ok := client.(*plugin.GRPCClient); ok {
		// The response is not decoded: that would be the CLI's cost.
		err = connected.Conn.Invoke(ctx, schemaMethod, &emptypb.Empty{}, &emptypb.Empty{})
	}
	took := time.Since(began)
	used := started.end()
	used.took = took
	return used, err
}

// measure runs a command with a provider process of its own, as the CLI does,
// and returns the time of the command and what that process has used.
func (w *workspace) measure(ctx context.Context, arguments ...string) (usage, error) {
	provider, err := launch(ctx, w.binary("trtc"), w.variables)
	if err != nil {
		return usage{}, err
	}
	config := provider.client.ReattachConfig()
	// With Test, the CLI leaves the process running.
	attached := workspace{w.setup, w.path, slices.Concat(w.variables, []string{fmt.Sprintf(
		`TF_REATTACH_PROVIDERS={%q:{"Protocol":"grpc","ProtocolVersion":%d,"Pid":%d,"Test":true,"Addr":{"Network":%q,"String":%q}}}`,
		source+"trtc", protocolVersion, config.Pid, config.Addr.Network(), config.Addr.String())})}
	ran, err := attached.terraform(ctx, arguments...)
	used := provider.end()
	used.took = ran.took
	return used, err
}
