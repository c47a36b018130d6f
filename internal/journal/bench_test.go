package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkCreate is the cost of one create: pending and started, each synced,
// returned, and the removal of the record, with some records in the directory already.
func BenchmarkCreate(b *testing.B) {
	for _, existing := range []int{0, 1000, 5000} {
		b.Run(fmt.Sprintf("records=%d", existing), func(b *testing.B) {
			dir := b.TempDir()
			fill(b, dir, existing)
			j := open(b, dir)
			for b.Loop() {
				entry, _, err := j.Begin(streamOf("robot"))
				if err != nil {
					b.Fatal(err)
				}
				for _, err := range []error{entry.Started("T"), entry.Returned(), entry.Close()} {
					if err != nil {
						b.Fatal(err)
					}
				}
				if err := j.remove(entry.name, taskKey{1400000001, "T"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSync is what the disk alone takes for a create: two synced writes and
// a synced directory.
func BenchmarkSync(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		out, err := openAppend(filepath.Join(dir, "file"), os.O_CREATE|os.O_EXCL)
		if err != nil {
			b.Fatal(err)
		}
		for i := range 2 {
			if _, err := out.Write([]byte(fullLines()[i])); err != nil {
				b.Fatal(err)
			}
			if err := out.Sync(); err != nil {
				b.Fatal(err)
			}
			if i > 0 {
				continue
			}
			if err := syncDir(dir); err != nil {
				b.Fatal(err)
			}
		}
		if err := errors.Join(out.Close(), os.Remove(filepath.Join(dir, "file"))); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkIndex is what a run pays once, at its first query.
func BenchmarkIndex(b *testing.B) {
	for _, existing := range []int{100, 1000, 5000} {
		b.Run(fmt.Sprintf("records=%d", existing), func(b *testing.B) {
			dir := b.TempDir()
			fill(b, dir, existing)
			for b.Loop() {
				if _, err := open(b, dir).Unreturned("other.example"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPlan is what one more resource costs in a plan: a prior task without
// a record, and a planned one.
func BenchmarkPlan(b *testing.B) {
	dir := b.TempDir()
	fill(b, dir, 5000)
	j := open(b, dir)
	for b.Loop() {
		if err := j.RemoveTask(1400000001, "unknown"); err != nil {
			b.Fatal(err)
		}
		if _, err := j.Lookup(streamOf("nobody").Key); err != nil {
			b.Fatal(err)
		}
	}
}
