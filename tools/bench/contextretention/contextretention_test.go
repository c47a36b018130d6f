// Package contextretention shows that terraform-plugin-framework keeps the
// context of each RPC until the provider process ends. See ../README.md.
package contextretention_test

import (
	"context"
	"net"
	"runtime"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/types/known/emptypb"
)

// TestRetention measures how much memory remains in use after each
// ValidateResourceConfig, before and after StopProvider drops the references.
func TestRetention(t *testing.T) {
	for _, variable := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_EXAMPLE"} {
		t.Setenv(variable, "OFF")
	}
	connection := serve(t)
	request := validateRequest(t)
	call := func(method string, request *emptypb.Empty) {
		if err := connection.Invoke(t.Context(), "/tfplugin6.Provider/"+method, request, &emptypb.Empty{}); err != nil {
			t.Fatal(err)
		}
	}
	const warmUp, calls = 100, 5000
	for range warmUp {
		call("ValidateResourceConfig", request)
	}
	before := liveHeap()
	for range calls {
		call("ValidateResourceConfig", request)
	}
	kept := (liveHeap() - before) / calls
	t.Logf("after %d calls: %d bytes in use for each call", calls, kept)
	call("StopProvider", &emptypb.Empty{})
	left := (liveHeap() - before) / calls
	t.Logf("after StopProvider: %d bytes in use for each call", left)
	switch {
	case kept < 1000:
		t.Error("the framework no longer keeps the contexts: the provider need not release them itself")
	case left > kept/10:
		t.Error("StopProvider does not release the memory: the contexts are not the reason")
	}
}

// liveHeap returns the bytes of the heap that are in use.
func liveHeap() int64 {
	var stats runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// serve serves the provider in this process, through gRPC as in production.
func serve(t *testing.T) *grpc.ClientConn {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	plugin := &tf6server.GRPCProviderPlugin{GRPCProvider: providerserver.NewProtocol6(example{}), Name: "registry.terraform.io/example/example"}
	if err := plugin.GRPCServer(nil, server); err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	connection, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return connection
}

// validateRequest encodes ValidateResourceConfig.Request, whose Go type is not
// exported, as the unknown fields of an empty message.
func validateRequest(t *testing.T) *emptypb.Empty {
	t.Helper()
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"name": tftypes.String}}
	value := tftypes.NewValue(object, map[string]tftypes.Value{"name": tftypes.NewValue(tftypes.String, "a name")})
	encoded, err := tfprotov6.NewDynamicValue(object, value)
	if err != nil {
		t.Fatal(err)
	}
	config := protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), encoded.MsgPack)
	fields := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "example_thing")
	fields = protowire.AppendBytes(protowire.AppendTag(fields, 2, protowire.BytesType), config)
	request := &emptypb.Empty{}
	request.ProtoReflect().SetUnknown(fields)
	return request
}

// example is a provider with one resource, which has one attribute.
type example struct{}

func (example) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "example"
}
func (example) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)          {}
func (example) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (example) DataSources(context.Context) []func() datasource.DataSource                        { return nil }

func (example) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return thing{} }}
}

type thing struct{}

func (thing) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "example_thing"
}

func (thing) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{"name": schema.StringAttribute{Required: true}}}
}
func (thing) Create(context.Context, resource.CreateRequest, *resource.CreateResponse) {}
func (thing) Read(context.Context, resource.ReadRequest, *resource.ReadResponse)       {}
func (thing) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}
func (thing) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
