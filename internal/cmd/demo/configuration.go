package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// likeQuickstart are the files that give examples/tickets/in-state the volume
// and the output of the quickstart.
func likeQuickstart() map[string]string {
	return map[string]string{
		"volume.tf":          "variable \"volume\" {\n  default = 100\n}\noutput \"task\" {\n  value = trtc_stream_ingest.radio.id\n}\n",
		"volume_override.tf": "resource \"trtc_stream_ingest\" \"radio\" {\n  volume = var.volume\n}\n",
	}
}

// configure writes the configuration that the demo applies: the quickstart, or
// what comes closest to it where the CLI is too old for that.
func (s *stage) configure(ctx context.Context, out io.Writer) error {
	cli, err := s.version(ctx)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(out, cli)
	if cli.Has(features.Ephemeral) && cli.Has(features.WriteOnly) {
		return s.copyExample("quickstart")
	}
	_, _ = fmt.Fprintf(out, "It cannot keep a ticket out of the state, which takes Terraform %s or OpenTofu %s.\n"+
		"So the demo mints the robot's ticket itself and hands it over as the variable user_sig.\n",
		features.WriteOnly.Since().Terraform, features.WriteOnly.Since().OpenTofu)
	for name, text := range likeQuickstart() {
		if err := s.write(name, []byte(text)); err != nil {
			return err
		}
	}
	if err := s.mintTicket(); err != nil {
		return err
	}
	return s.copyExample("tickets/in-state")
}

// version asks the CLI what it is.
func (s *stage) version(ctx context.Context) (features.CLI, error) {
	var text bytes.Buffer
	if err := s.terraform(ctx, &text, "version"); err != nil {
		return features.CLI{}, err
	}
	return features.Of(text.String())
}

func (s *stage) copyExample(name string) error {
	configuration, err := os.ReadFile(filepath.Join("examples", filepath.FromSlash(name), "main.tf"))
	if err != nil {
		return fmt.Errorf("the demo runs from the project's root: %w", err)
	}
	return s.write("main.tf", configuration)
}

func (s *stage) write(name string, text []byte) error {
	return os.WriteFile(filepath.Join(s.dir, name), text, 0o600) //nolint:gosec // A directory made here.
}

// mintTicket puts a ticket for the robot into the environment.
func (s *stage) mintTicket() error {
	key, err := tickets.NewKey(sdkSecretKey)
	if err != nil {
		return err
	}
	ticket, err := tickets.MintUserSig(key, time.Now(), tickets.UserSigClaims{SdkAppID: 1400000001, UserID: "radio", Lifetime: time.Hour})
	s.environment = append(s.environment, "TF_VAR_user_sig="+ticket)
	return err
}
