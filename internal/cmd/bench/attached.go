package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
)

const reattachVariable = "TF_REATTACH_PROVIDERS"

var errNotAttachable = errors.New("the provider did not say how it is reached")

// attached is a provider that was started on its own, so that it can be
// watched while the CLI uses it.
type attached struct {
	command *exec.Cmd
	// reattach is the variable by which the CLI finds it.
	reattach string
}

// attach starts the provider and waits until it can be reached.
func attach(ctx context.Context, binary string, environment []string) (*attached, error) {
	command := exec.CommandContext(ctx, binary, "-debug")
	// As the provider does itself when a CLI starts it and nobody asks for logs.
	command.Env = slices.Concat(environment, []string{"TF_LOG_SDK=OFF", "TF_LOG_PROVIDER_TRTC=OFF"})
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	provider := &attached{command: command}
	for lines := bufio.NewScanner(output); lines.Scan(); {
		_, value, found := strings.Cut(strings.TrimSpace(lines.Text()), reattachVariable+"='")
		if !found {
			continue
		}
		provider.reattach, err = forBothRegistries(strings.TrimSuffix(value, "'"))
		if err != nil {
			provider.end()
		}
		return provider, err
	}
	provider.end()
	return nil, errNotAttachable
}

// forBothRegistries lets Terraform and OpenTofu find the provider: they look
// for the same source below different hosts.
func forBothRegistries(reattach string) (string, error) {
	var providers map[string]json.RawMessage
	if err := json.Unmarshal([]byte(reattach), &providers); err != nil {
		return "", errors.Join(errNotAttachable, err)
	}
	both := maps.Clone(providers)
	for address, how := range providers {
		both[strings.Replace(address, "registry.terraform.io", "registry.opentofu.org", 1)] = how
	}
	text, err := json.Marshal(both)
	return reattachVariable + "=" + string(text), err
}

func (a *attached) end() {
	_ = a.command.Process.Signal(os.Interrupt)
	_ = a.command.Process.Kill()
	_ = a.command.Wait()
}
