// Schema prints the provider's schema as JSON, in the form of `terraform
// providers schema -json`. The documentation is generated from it.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/schemajson"
)

func main() {
	server := providerserver.NewProtocol6(provider.New(provider.Options{})())()
	document, err := schemajson.Write(context.Background(), server, "registry.terraform.io/hashicorp/trtc")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(string(document))
}
