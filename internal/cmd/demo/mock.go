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
	"path/filepath"
	"strings"
)

// sdkSecretKey is the key of the mock's application.
const sdkSecretKey = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"

// mock is the mock of the service in a separate process.
type mock struct {
	url     string
	command *exec.Cmd
}

// startMock runs the mock on a free port, waits until it is ready and points
// the environment at it.
func startMock(ctx context.Context, env *environment) (*mock, error) {
	command := exec.CommandContext(ctx, env.mockBinary, "-listen", "127.0.0.1:0", "-sdk-secret-key", sdkSecretKey)
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
	env.variables = append(env.variables,
		"TENCENTCLOUD_TRTC_ENDPOINT="+address,
		"TENCENTCLOUD_SECRET_ID=AKIDmock",
		"TENCENTCLOUD_SECRET_KEY=mock-secret-key",
		"TRTC_SDK_SECRET_KEY="+sdkSecretKey,
		"TRTC_START_JOURNAL="+filepath.Join(env.dir, "starts"),
	)
	return service, nil
}

func (m *mock) stop() {
	_ = m.command.Process.Kill()
	_ = m.command.Wait()
}

// calls returns the actions in the call log of the mock, each with its error code.
func (m *mock) calls(ctx context.Context) ([]string, error) {
	var calls []struct{ Action, Code string }
	err := m.get(ctx, "/_mock/journal", &calls)
	names := make([]string, 0, len(calls))
	for _, call := range calls {
		name := call.Action
		if call.Code != "" {
			name += " (" + call.Code + ")"
		}
		names = append(names, name)
	}
	return names, err
}

// tasks returns the number of tasks in progress.
func (m *mock) tasks(ctx context.Context) (int, error) {
	var tasks []struct{}
	err := m.get(ctx, "/_mock/tasks?status=InProgress", &tasks)
	return len(tasks), err
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
