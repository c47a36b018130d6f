package tfserver

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"time"
	"weak"

	"github.com/hashicorp/terraform-plugin-framework/action"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// probe is a provider with a data source and an action. Both run its function
// under the context that the framework gives to them.
type probe struct{ run func(context.Context) }

func (p *probe) Metadata(context.Context, provider.MetadataRequest, *provider.MetadataResponse) {}
func (p *probe) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)       {}
func (p *probe) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}
func (p *probe) Resources(context.Context) []func() resource.Resource { return nil }

func (p *probe) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return probeDataSource{p} }}
}

func (p *probe) Actions(context.Context) []func() action.Action {
	return []func() action.Action{func() action.Action { return probeAction{p} }}
}

type probeDataSource struct{ *probe }

func (probeDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, response *datasource.MetadataResponse) {
	response.TypeName = "probe"
}

func (probeDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, response *datasource.SchemaResponse) {
	response.Schema = schema.Schema{}
}

func (p probeDataSource) Read(ctx context.Context, _ datasource.ReadRequest, _ *datasource.ReadResponse) {
	p.run(ctx)
}

type probeAction struct{ *probe }

func (probeAction) Metadata(_ context.Context, _ action.MetadataRequest, response *action.MetadataResponse) {
	response.TypeName = "probe"
}

func (probeAction) Schema(_ context.Context, _ action.SchemaRequest, response *action.SchemaResponse) {
	response.Schema = actionschema.Schema{}
}

func (p probeAction) Invoke(ctx context.Context, _ action.InvokeRequest, _ *action.InvokeResponse) {
	p.run(ctx)
}

// read reads the data source, and invoke invokes the action to its last event.
func read(ctx context.Context, server *server) error {
	_, err := server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: "probe", Config: nothing()})
	return err
}

func invoke(ctx context.Context, server *server) error {
	stream, err := server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: "probe", Config: nothing()})
	if err != nil {
		return err
	}
	for range stream.Events {
		continue
	}
	return nil
}

// nothing is the configuration of a block without arguments.
func nothing() *tfprotov6.DynamicValue {
	empty := tftypes.Object{}
	value, err := tfprotov6.NewDynamicValue(empty, tftypes.NewValue(empty, map[string]tftypes.Value{}))
	if err != nil {
		return nil
	}
	return &value
}

func rpcs() map[string]func(context.Context, *server) error {
	return map[string]func(context.Context, *server) error{"unary": read, "streaming": invoke}
}

// TestServer_MethodSet checks that Server implements every interface that the
// framework's server implements.
func TestServer_MethodSet(t *testing.T) {
	t.Parallel()
	framework, served := reflect.TypeOf(providerserver.NewProtocol6(&probe{})()), reflect.TypeFor[*server]()
	for want := range framework.Methods() {
		got, ok := served.MethodByName(want.Name)
		if !ok || !slices.Equal(signature(got), signature(want)) {
			t.Errorf("the framework's server has %s%v, which Server hides", want.Name, signature(want))
		}
	}
}

// signature returns the types that a method takes and returns.
func signature(method reflect.Method) []reflect.Type {
	types := slices.Collect(method.Type.Ins())[1:]
	return slices.AppendSeq(types, method.Type.Outs())
}

// TestServer_ReleasesContexts calls every RPC that comes for each resource with an
// empty request, and checks that nothing retains the context.
func TestServer_ReleasesContexts(t *testing.T) {
	t.Parallel()
	// Terraform calls these RPCs a few times per process, or never: the provider
	// has no state store, no function and no ephemeral resource to renew.
	passed := []string{
		"GetMetadata", "GetProviderSchema", "GetResourceIdentitySchemas", "GetFunctions",
		"ValidateProviderConfig", "ConfigureProvider", "StopProvider",
		"ValidateStateStoreConfig", "ConfigureStateStore", "ReadStateBytes", "WriteStateBytes",
		"GetStates", "DeleteState", "LockState", "UnlockState",
		"MoveResourceState", "GenerateResourceConfig", "CallFunction", "RenewEphemeralResource",
		"ValidateListResourceConfig", "ListResource", "ValidateActionConfig", "PlanAction",
	}
	server := reflect.ValueOf(newServer(&probe{}))
	for method := range reflect.TypeOf(providerserver.NewProtocol6(&probe{})()).Methods() {
		if slices.Contains(passed, method.Name) {
			continue
		}
		used := callEmpty(t, server.MethodByName(method.Name))
		if isReachable(used) {
			t.Errorf("%s: its context is retained", method.Name)
		}
	}
	// If this fails, the framework releases contexts itself, and Server is no
	// longer needed.
	if used := callEmpty(t, server.MethodByName("GetMetadata")); !isReachable(used) {
		t.Error("GetMetadata: its context is not retained")
	}
	runtime.KeepAlive(server)
}

type key struct{}

// value is the value in a context.
type value [1 << 10]byte

// callEmpty calls an RPC with an empty request, and reads what it streams. It
// returns a pointer to what the context held.
func callEmpty(t *testing.T, rpc reflect.Value) weak.Pointer[value] {
	t.Helper()
	held := new(value)
	ctx := context.WithValue(context.Background(), key{}, held)
	results := rpc.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.New(rpc.Type().In(1).Elem())})
	if stream, ok := results[0].Interface().(*tfprotov6.InvokeActionServerStream); ok {
		for range stream.Events {
			continue
		}
	}
	return weak.Make(held)
}

func isReachable(held weak.Pointer[value]) bool {
	runtime.GC()
	return held.Value() != nil
}

// TestRequestContext checks that an RPC has the deadline, the values and the
// cancellation of its context, and has none of these after it has returned.
func TestRequestContext(t *testing.T) {
	t.Parallel()
	for name, rpc := range rpcs() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			deadline := time.Now().Add(time.Hour)
			incoming, cancel := context.WithDeadline(context.WithValue(t.Context(), key{}, "value"), deadline)
			defer cancel()
			detached := make(chan context.Context, 1)
			server := newServer(&probe{run: func(ctx context.Context) {
				kept := context.WithoutCancel(ctx)
				detached <- kept
				if got, ok := ctx.Deadline(); !ok || !got.Equal(deadline) {
					t.Errorf("deadline = %v (%t), want %v", got, ok, deadline)
				}
				if ctx.Err() != nil || ctx.Value(key{}) != "value" {
					t.Errorf("error = %v, value = %v", ctx.Err(), ctx.Value(key{}))
				}
				cancel()
				<-ctx.Done()
				if !errors.Is(ctx.Err(), context.Canceled) || kept.Value(key{}) != "value" {
					t.Errorf("canceled: error = %v, detached value = %v", ctx.Err(), kept.Value(key{}))
				}
			}})
			if err := rpc(incoming, server); err != nil {
				t.Fatal(err)
			}
			if (<-detached).Value(key{}) != nil {
				t.Error("the values outlive the RPC")
			}
		})
	}
}

// TestRequestContext_Deadline checks that an expired request is not reported as
// canceled.
func TestRequestContext_Deadline(t *testing.T) {
	t.Parallel()
	expired, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	server := newServer(&probe{run: func(ctx context.Context) {
		if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			t.Errorf("error = %v, want %v", ctx.Err(), context.DeadlineExceeded)
		}
	}})
	if err := read(expired, server); err != nil {
		t.Fatal(err)
	}
}

// TestStopProvider checks that StopProvider cancels all RPCs in flight, and no
// later RPC.
func TestStopProvider(t *testing.T) {
	t.Parallel()
	for name, rpc := range rpcs() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			started, ended := make(chan struct{}), make(chan error)
			server := newServer(&probe{run: func(ctx context.Context) {
				if ctx.Value(key{}) == "later" {
					if ctx.Err() != nil {
						t.Errorf("a later RPC is canceled: %v", ctx.Err())
					}
					return
				}
				started <- struct{}{}
				<-ctx.Done()
			}})
			for range 3 {
				go func() { ended <- rpc(t.Context(), server) }()
			}
			for range 3 {
				<-started
			}
			if server.inFlight.TryLock() {
				t.Error("no RPC is in flight")
			}
			if _, err := server.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if err := <-ended; err != nil {
					t.Error(err)
				}
			}
			if err := rpc(context.WithValue(t.Context(), key{}, "later"), server); err != nil {
				t.Error(err)
			}
			server.drain()
		})
	}
}

// failing is a framework server whose streaming RPCs fail.
type failing struct{ frameworkServer }

var errRefused = errors.New("refused")

func (failing) InvokeAction(context.Context, *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	return nil, errRefused
}

// TestServer_NoStream checks that an RPC without a stream has returned.
func TestServer_NoStream(t *testing.T) {
	t.Parallel()
	server := newServer(&probe{})
	server.frameworkServer = failing{}
	if _, err := server.InvokeAction(t.Context(), nil); !errors.Is(err, errRefused) {
		t.Errorf("invoke: error = %v", err)
	}
	server.drain()
}
