package tfserver

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Serve serves the provider at its registry address to the process that
// started this one, until that process stops it. With debug, it prints how
// Terraform reaches the provider and serves until it is interrupted.
func Serve(address string, p provider.Provider, debug bool) error {
	server := New(p)
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	} else if err := quiet(); err != nil {
		return err
	}
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return server }, options...)
}
