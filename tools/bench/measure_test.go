package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestProcField(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "status")
	if err := os.WriteFile(file, []byte("Name:\tprovider\nVmHWM:\t   20480 kB\nVmRSS:\t   10240 kB\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"VmHWM": "20480 kB", "Name": "provider", "VmSwap": "unknown"} {
		if got := procField(file, name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if got := procField(file+"-missing", "Name"); got != "unknown" {
		t.Errorf("a file that does not exist: %q", got)
	}
}
