// Package tfserver serves the provider to Terraform. It frees the context of each
// RPC, which the framework would keep, limits the memory of the process, and ends
// the process when its Terraform has ended.
package tfserver

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// frameworkServer is the interface of the framework's server: the protocol with
// its optional parts.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server is the framework's protocol server, with a request context for each RPC
// that a plan or apply repeats per resource, and for InvokeAction, whose calls drain
// waits for. All other RPCs are passed through.
type server struct {
	frameworkServer

	// released is a canceled context without values.
	released context.Context //nolint:containedctx // The context belongs to no request.
	// inFlight is read-locked by each RPC that has a request context.
	inFlight sync.RWMutex
}

// New returns a server for the provider.
func New(p provider.Provider) tfprotov6.ProviderServer { return newServer(p) }

func newServer(p provider.Provider) *server {
	released, cancel := context.WithCancel(context.Background())
	cancel()
	return &server{
		frameworkServer: providerserver.NewProtocol6(p)().(frameworkServer),
		released:        released,
	}
}

// drain blocks until the RPCs in flight have returned. Later RPCs block forever.
func (s *server) drain() { s.inFlight.Lock() }

// requestContext is the context of one RPC. The framework keeps a child of each
// RPC's context until the process exits, which keeps the request, loggers and
// stream in memory. requestContext replaces the context with an empty canceled
// context when the RPC returns, so they can be freed.
type requestContext struct {
	atomic.Pointer[context.Context]
}

func (c *requestContext) Deadline() (time.Time, bool) { return (*c.Load()).Deadline() }

func (c *requestContext) Done() <-chan struct{} { return (*c.Load()).Done() }

func (c *requestContext) Err() error { return (*c.Load()).Err() }

func (c *requestContext) Value(key any) any { return (*c.Load()).Value(key) }

// begin returns the context for an RPC, and a function that the caller calls when
// the RPC returns.
func (s *server) begin(ctx context.Context) (context.Context, context.CancelFunc) {
	s.inFlight.RLock()
	ctx, cancel := context.WithCancel(ctx)
	request := new(requestContext)
	request.Store(&ctx)
	return request, func() {
		cancel()
		request.Store(&s.released)
		s.inFlight.RUnlock()
	}
}

// call runs an RPC under a request context.
func call[Request, Response any](ctx context.Context, s *server, rpc func(context.Context, Request) (Response, error), request Request) (Response, error) {
	ctx, end := s.begin(ctx)
	defer end()
	return rpc(ctx, request)
}

func (s *server) ValidateResourceConfig(ctx context.Context, request *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return call(ctx, s, s.frameworkServer.ValidateResourceConfig, request)
}

func (s *server) UpgradeResourceState(ctx context.Context, request *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return call(ctx, s, s.frameworkServer.UpgradeResourceState, request)
}

func (s *server) UpgradeResourceIdentity(ctx context.Context, request *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return call(ctx, s, s.frameworkServer.UpgradeResourceIdentity, request)
}

func (s *server) ReadResource(ctx context.Context, request *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return call(ctx, s, s.frameworkServer.ReadResource, request)
}

func (s *server) PlanResourceChange(ctx context.Context, request *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return call(ctx, s, s.frameworkServer.PlanResourceChange, request)
}

func (s *server) ApplyResourceChange(ctx context.Context, request *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return call(ctx, s, s.frameworkServer.ApplyResourceChange, request)
}

func (s *server) ImportResourceState(ctx context.Context, request *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return call(ctx, s, s.frameworkServer.ImportResourceState, request)
}

func (s *server) ValidateDataResourceConfig(ctx context.Context, request *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return call(ctx, s, s.frameworkServer.ValidateDataResourceConfig, request)
}

func (s *server) ReadDataSource(ctx context.Context, request *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return call(ctx, s, s.frameworkServer.ReadDataSource, request)
}

func (s *server) ValidateEphemeralResourceConfig(ctx context.Context, request *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return call(ctx, s, s.frameworkServer.ValidateEphemeralResourceConfig, request)
}

func (s *server) OpenEphemeralResource(ctx context.Context, request *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return call(ctx, s, s.frameworkServer.OpenEphemeralResource, request)
}

func (s *server) CloseEphemeralResource(ctx context.Context, request *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return call(ctx, s, s.frameworkServer.CloseEphemeralResource, request)
}

// InvokeAction has returned when its events are read.
func (s *server) InvokeAction(ctx context.Context, request *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	ctx, end := s.begin(ctx)
	stream, err := s.frameworkServer.InvokeAction(ctx, request)
	if err != nil {
		end()
		return nil, err
	}
	events := stream.Events
	end = sync.OnceFunc(end)
	stream.Events = func(yield func(tfprotov6.InvokeActionEvent) bool) {
		defer end()
		events(yield)
	}
	return stream, nil
}
