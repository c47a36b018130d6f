// Package tfserver serves the provider to Terraform. It frees the context of each
// RPC, which the framework would keep, limits the memory of the process, and ends
// the process when its Terraform has ended.
package tfserver

import (
	"context"
	"iter"
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

// Server is the framework's protocol server, with a request context for each RPC
// that Terraform calls per resource. All other RPCs are passed through.
type Server struct {
	frameworkServer

	// released is a canceled context without values.
	released context.Context //nolint:containedctx // The context belongs to no request.
	// inFlight is read-locked by each RPC that has a request context.
	inFlight sync.RWMutex
}

// New returns a server for the provider.
func New(p provider.Provider) *Server {
	released, cancel := context.WithCancel(context.Background())
	cancel()
	return &Server{
		frameworkServer: providerserver.NewProtocol6(p)().(frameworkServer),
		released:        released,
	}
}

// drain blocks until the RPCs in flight have returned. Later RPCs block forever.
func (s *Server) drain() { s.inFlight.Lock() }

// requestContext is the context of one RPC. The framework keeps a child of each
// RPC's context until the process exits, which keeps the request, loggers and
// stream in memory. requestContext replaces the context with an empty canceled
// context when the RPC returns, so they can be freed.
type requestContext struct {
	atomic.Pointer[context.Context]
}

// Deadline implements [context.Context].
func (c *requestContext) Deadline() (time.Time, bool) { return (*c.Load()).Deadline() }

// Done implements [context.Context].
func (c *requestContext) Done() <-chan struct{} { return (*c.Load()).Done() }

// Err implements [context.Context].
func (c *requestContext) Err() error { return (*c.Load()).Err() }

// Value implements [context.Context].
func (c *requestContext) Value(key any) any { return (*c.Load()).Value(key) }

// begin returns the context for an RPC, and a function that the caller calls when
// the RPC returns.
func (s *Server) begin(ctx context.Context) (context.Context, context.CancelFunc) {
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
func call[Request, Response any](ctx context.Context, s *Server, rpc func(context.Context, Request) (Response, error), request Request) (Response, error) {
	ctx, end := s.begin(ctx)
	defer end()
	return rpc(ctx, request)
}

// until returns a sequence of the same events that calls end after the last event.
func until[Event any](events iter.Seq[Event], end context.CancelFunc) iter.Seq[Event] {
	end = sync.OnceFunc(end)
	return func(yield func(Event) bool) {
		defer end()
		events(yield)
	}
}

// ValidateResourceConfig implements [tfprotov6.ResourceServer].
func (s *Server) ValidateResourceConfig(ctx context.Context, request *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return call(ctx, s, s.frameworkServer.ValidateResourceConfig, request)
}

// UpgradeResourceState implements [tfprotov6.ResourceServer].
func (s *Server) UpgradeResourceState(ctx context.Context, request *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return call(ctx, s, s.frameworkServer.UpgradeResourceState, request)
}

// UpgradeResourceIdentity implements [tfprotov6.ResourceServer].
func (s *Server) UpgradeResourceIdentity(ctx context.Context, request *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return call(ctx, s, s.frameworkServer.UpgradeResourceIdentity, request)
}

// ReadResource implements [tfprotov6.ResourceServer].
func (s *Server) ReadResource(ctx context.Context, request *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return call(ctx, s, s.frameworkServer.ReadResource, request)
}

// PlanResourceChange implements [tfprotov6.ResourceServer].
func (s *Server) PlanResourceChange(ctx context.Context, request *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return call(ctx, s, s.frameworkServer.PlanResourceChange, request)
}

// ApplyResourceChange implements [tfprotov6.ResourceServer].
func (s *Server) ApplyResourceChange(ctx context.Context, request *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return call(ctx, s, s.frameworkServer.ApplyResourceChange, request)
}

// ImportResourceState implements [tfprotov6.ResourceServer].
func (s *Server) ImportResourceState(ctx context.Context, request *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return call(ctx, s, s.frameworkServer.ImportResourceState, request)
}

// MoveResourceState implements [tfprotov6.ResourceServer].
func (s *Server) MoveResourceState(ctx context.Context, request *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return call(ctx, s, s.frameworkServer.MoveResourceState, request)
}

// GenerateResourceConfig implements [tfprotov6.ResourceServer].
func (s *Server) GenerateResourceConfig(ctx context.Context, request *tfprotov6.GenerateResourceConfigRequest) (*tfprotov6.GenerateResourceConfigResponse, error) {
	return call(ctx, s, s.frameworkServer.GenerateResourceConfig, request)
}

// ValidateDataResourceConfig implements [tfprotov6.DataSourceServer].
func (s *Server) ValidateDataResourceConfig(ctx context.Context, request *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return call(ctx, s, s.frameworkServer.ValidateDataResourceConfig, request)
}

// ReadDataSource implements [tfprotov6.DataSourceServer].
func (s *Server) ReadDataSource(ctx context.Context, request *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return call(ctx, s, s.frameworkServer.ReadDataSource, request)
}

// CallFunction implements [tfprotov6.FunctionServer].
func (s *Server) CallFunction(ctx context.Context, request *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	return call(ctx, s, s.frameworkServer.CallFunction, request)
}

// ValidateEphemeralResourceConfig implements [tfprotov6.EphemeralResourceServer].
func (s *Server) ValidateEphemeralResourceConfig(ctx context.Context, request *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return call(ctx, s, s.frameworkServer.ValidateEphemeralResourceConfig, request)
}

// OpenEphemeralResource implements [tfprotov6.EphemeralResourceServer].
func (s *Server) OpenEphemeralResource(ctx context.Context, request *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return call(ctx, s, s.frameworkServer.OpenEphemeralResource, request)
}

// RenewEphemeralResource implements [tfprotov6.EphemeralResourceServer].
func (s *Server) RenewEphemeralResource(ctx context.Context, request *tfprotov6.RenewEphemeralResourceRequest) (*tfprotov6.RenewEphemeralResourceResponse, error) {
	return call(ctx, s, s.frameworkServer.RenewEphemeralResource, request)
}

// CloseEphemeralResource implements [tfprotov6.EphemeralResourceServer].
func (s *Server) CloseEphemeralResource(ctx context.Context, request *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return call(ctx, s, s.frameworkServer.CloseEphemeralResource, request)
}

// ValidateListResourceConfig implements [tfprotov6.ListResourceServer].
func (s *Server) ValidateListResourceConfig(ctx context.Context, request *tfprotov6.ValidateListResourceConfigRequest) (*tfprotov6.ValidateListResourceConfigResponse, error) {
	return call(ctx, s, s.frameworkServer.ValidateListResourceConfig, request)
}

// ListResource implements [tfprotov6.ListResourceServer]. The RPC has
// returned when its results are read.
func (s *Server) ListResource(ctx context.Context, request *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	ctx, end := s.begin(ctx)
	stream, err := s.frameworkServer.ListResource(ctx, request)
	if err != nil {
		end()
		return nil, err
	}
	return &tfprotov6.ListResourceServerStream{Results: until(stream.Results, end)}, nil
}

// ValidateActionConfig implements [tfprotov6.ActionServer].
func (s *Server) ValidateActionConfig(ctx context.Context, request *tfprotov6.ValidateActionConfigRequest) (*tfprotov6.ValidateActionConfigResponse, error) {
	return call(ctx, s, s.frameworkServer.ValidateActionConfig, request)
}

// PlanAction implements [tfprotov6.ActionServer].
func (s *Server) PlanAction(ctx context.Context, request *tfprotov6.PlanActionRequest) (*tfprotov6.PlanActionResponse, error) {
	return call(ctx, s, s.frameworkServer.PlanAction, request)
}

// InvokeAction implements [tfprotov6.ActionServer]. The RPC has returned when
// its events are read.
func (s *Server) InvokeAction(ctx context.Context, request *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	ctx, end := s.begin(ctx)
	stream, err := s.frameworkServer.InvokeAction(ctx, request)
	if err != nil {
		end()
		return nil, err
	}
	return &tfprotov6.InvokeActionServerStream{Events: until(stream.Events, end)}, nil
}
