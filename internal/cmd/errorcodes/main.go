// Errorcodes prints what is known of every error code as a Markdown table, or
// puts it into the guide that shows it.
package main

import (
	"flag"
	"fmt"
	"log"

	"github.com/trtc-community/terraform-provider-trtc/internal/cmd/section"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// inGuide is where the table stands.
func inGuide() section.Section {
	return section.Section{
		Begin: "<!-- written by make generate -->\n\n",
		End:   "\n<!-- end of what make generate writes -->\n",
	}
}

func main() {
	file := flag.String("write", "", "put the table into this `file`, in place of the one that stands there")
	flag.Parse()
	text := table(trtcclient.Explanations())
	if *file == "" {
		fmt.Print(text)
		return
	}
	if err := inGuide().Write(*file, []byte(text)); err != nil {
		log.Fatal(err)
	}
}
