package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
)

// mock is the service, a process of its own.
type mock struct {
	url     string
	command *exec.Cmd
}

// startMock runs the mock on a free port and waits until it is ready.
func startMock(ctx context.Context, binary string) (*mock, error) {
	command := exec.CommandContext(ctx, binary, "-listen", "127.0.0.1:0", "-sdk-secret-key", sdkSecretKey)
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("starting the mock: %w", err)
	}
	service := &mock{command: command}
	line, err := bufio.NewReader(output).ReadString('\n')
	address, ready := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ready {
		service.stop()
		return nil, errors.New("the mock did not say that it is listening")
	}
	service.url = address
	return service, nil
}

func (m *mock) stop() {
	_ = m.command.Process.Kill()
	_ = m.command.Wait()
}

// call is one entry of the mock's journal.
type call struct {
	Action string `json:"action"`
	Code   string `json:"code"`
}

func (m *mock) journal(ctx context.Context) ([]call, error) {
	var calls []call
	err := m.get(ctx, "/_mock/journal", &calls)
	return calls, err
}

func (m *mock) aliveTasks(ctx context.Context) (int, error) {
	var tasks []struct {
		Status string `json:"status"`
	}
	err := m.get(ctx, "/_mock/tasks", &tasks)
	alive := 0
	for _, task := range tasks {
		if task.Status == "InProgress" {
			alive++
		}
	}
	return alive, err
}

func (m *mock) get(ctx context.Context, path string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, m.url+path, http.NoBody)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	return json.NewDecoder(response.Body).Decode(into)
}
