//go:build !windows

package provider_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
)

// applying is a server that tells under which context an apply runs: the one
// that StopProvider cancels.
type applying struct {
	tfprotov6.ProviderServer

	contexts chan<- context.Context
}

func (a applying) ApplyResourceChange(ctx context.Context, request *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	a.contexts <- ctx
	return a.ProviderServer.ApplyResourceChange(ctx, request)
}

// heldBack is a transport that keeps the answer of a start until it is let go.
type heldBack struct {
	next  http.RoundTripper
	until func()
}

func (h heldBack) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := h.next.RoundTrip(request)
	if request.Header.Get("X-TC-Action") == acctest.Start {
		h.until()
	}
	return response, err
}

// TestAccInterrupt: Ctrl-C in the terminal while a start is on its way. The
// task is in the state, and the next command can destroy it.
func TestAccInterrupt(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	contexts, sent := make(chan context.Context, 2), make(chan struct{})
	world.Options.Transport = heldBack{world.Options.Transport, func() {
		close(sent)
		<-(<-contexts).Done()
	}}
	cli := world.CLI(t, func(server tfprotov6.ProviderServer) tfprotov6.ProviderServer {
		return applying{ProviderServer: server, contexts: contexts}
	})
	cli.Write(t, "main.tf", world.Config(t, nil))

	model := cli.Command(t)
	running := startLike(t, model, model.Dir, "apply", "-auto-approve", "-no-color")
	running.await(t, "something was started", sent)
	running.interrupt(t)
	<-running.ended
	world.ExpectJournal(t, acctest.Start)
	task := world.Mock.Alive()[0]
	if got := cli.StateOf(t, acctest.Address)["task_id"]; got != task.ID {
		t.Fatalf("task in the state = %v, want %s; the CLI said %s", got, task.ID, running.said)
	}
	cli.MustRun(t, "destroy", "-auto-approve")
	world.ExpectJournal(t, acctest.Describe, acctest.Stop, acctest.Describe)
}
