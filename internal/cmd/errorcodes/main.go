// Errorcodes prints what is known of every error code as a Markdown table, or
// puts it into the guide that shows it.
package main

import (
	"flag"
	"fmt"
	"log"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

func main() {
	file := flag.String("write", "", "put the table into this `file`, in place of the one that stands there")
	flag.Parse()
	text := table(trtcclient.Explanations())
	if *file == "" {
		fmt.Print(text)
		return
	}
	if err := write(*file, text); err != nil {
		log.Fatal(err)
	}
}
