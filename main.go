// Terraform-provider-trtc is the Terraform provider for stream ingest of
// Tencent Real-Time Communication. Terraform starts it; run by hand it only
// prints its version (-version) or waits for a debugger (-debug).
package main

import (
	"flag"
	"fmt"
	"log"

	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/tfserver"
)

// version is set by the linker at release.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "wait for a debugger to attach, and print how Terraform reaches the provider")
	showVersion := flag.Bool("version", false, "print the version and exit")
	flag.Parse()
	if *showVersion {
		fmt.Println("terraform-provider-trtc", version)
		return
	}
	serve := tfserver.Serve
	if *debug {
		serve = tfserver.ServeDebug
	}
	if err := serve(provider.Address, provider.New(provider.Options{Version: version})()); err != nil {
		log.Fatal(err)
	}
}
