// Docs writes the generated parts of the documentation.
//
//	docs schema NAME              prints the provider's schema as JSON, under NAME
//	docs error-codes              prints the list of error codes as Markdown
//	docs section FILE BEGIN END   replaces the text of FILE between the lines
//	                              <!-- BEGIN --> and <!-- END --> with standard input
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
)

var (
	errUsage = errors.New("usage: docs schema NAME | docs error-codes | docs section FILE BEGIN END")
	errEmpty = errors.New("standard input is empty: the program that writes it has failed")
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	switch {
	case len(args) == 2 && args[0] == "schema":
		server := providerserver.NewProtocol6(provider.New(provider.Options{})())()
		document, err := schemaJSON(ctx, server, args[1]) //nolint:gosec // The length is checked.
		if err != nil {
			return err
		}
		_, err = out.Write(document)
		return err
	case len(args) == 1 && args[0] == "error-codes":
		_, err := io.WriteString(out, errorCodes(provider.ErrorCodes()))
		return err
	case len(args) == 4 && args[0] == "section":
		text, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		return writeSection(args[1], args[2], args[3], text) //nolint:gosec // The length is checked.
	default:
		return errUsage
	}
}

// writeSection replaces the text of a file between the lines <!-- begin --> and
// <!-- end --> with text.
func writeSection(path, begin, end string, text []byte) error {
	if len(text) == 0 {
		return errEmpty
	}
	document, err := os.ReadFile(path) //nolint:gosec // The file that the caller named.
	if err != nil {
		return err
	}
	first, last := []byte("<!-- "+begin+" -->\n"), []byte("<!-- "+end+" -->\n")
	before, rest, found := bytes.Cut(document, first)
	_, after, ended := bytes.Cut(rest, last)
	if !found || !ended {
		return fmt.Errorf("%s has no lines %q and %q, in this order", path, first, last)
	}
	fresh := bytes.Join([][]byte{before, first, text, last, after}, nil)
	return os.WriteFile(path, fresh, 0o644) //nolint:gosec // Documentation, readable by all.
}
