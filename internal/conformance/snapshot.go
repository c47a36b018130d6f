package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The sites of a [Record].
const (
	SiteInternational = "international"
	SiteChina         = "china"
)

// Site returns the name of a site.
func Site(china bool) string {
	if china {
		return SiteChina
	}
	return SiteInternational
}

// Snapshot is what is assumed and known of one fact: the file of a probe, which
// exists once something was observed.
type Snapshot struct {
	Fact                 string      `json:"fact"`
	Assumed              Observation `json:"assumed,omitempty"`
	AssumedInternational Observation `json:"assumed_international,omitempty"`
	AssumedChina         Observation `json:"assumed_china,omitempty"`
	// Observations are in the order in which they were made.
	Observations []Record `json:"observations"`
}

// Record is one observation of the real service. It identifies no account,
// application, task or URL.
type Record struct {
	// Site is [SiteInternational] or [SiteChina].
	Site string `json:"site"`
	// Date is the day in UTC, such as "2026-03-01".
	Date string `json:"date"`
	// Version is the version of this project.
	Version string `json:"version"`
	// AccountLabel is random; the records of one run share it.
	AccountLabel string      `json:"account_label"`
	Observed     Observation `json:"observed"`
}

// FileName is the name of the snapshot's file.
func (p Probe) FileName() string { return fmt.Sprintf("%02d.json", p.ID) }

// ReadSnapshot returns the snapshot of a probe below a directory, with the fact
// and the assumptions of the probe.
func ReadSnapshot(dir fs.FS, p Probe) (Snapshot, error) {
	var read Snapshot
	text, err := fs.ReadFile(dir, p.FileName())
	switch {
	case err == nil:
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&read); err != nil {
			return Snapshot{}, fmt.Errorf("%s: %w", p.FileName(), err)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return Snapshot{}, err
	}
	read.Fact, read.AssumedInternational, read.AssumedChina = p.Fact, p.AssumedOn(false), p.AssumedOn(true)
	read.Assumed = maps.Clone(read.AssumedInternational)
	maps.DeleteFunc(read.Assumed, func(name, value string) bool { return read.AssumedChina[name] != value })
	for name := range read.Assumed {
		delete(read.AssumedInternational, name)
		delete(read.AssumedChina, name)
	}
	for _, record := range read.Observations {
		if err := record.validate(p); err != nil {
			return Snapshot{}, fmt.Errorf("%s: %w", p.FileName(), err)
		}
	}
	return read, nil
}

// Append adds a record to the snapshot of a probe. Earlier records stay.
func Append(dir string, p Probe, record Record) error {
	if err := record.validate(p); err != nil {
		return err
	}
	snapshot, err := ReadSnapshot(os.DirFS(dir), p)
	if err != nil {
		return err
	}
	snapshot.Observations = append(snapshot.Observations, record)
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := errors.Join(encoder.Encode(snapshot), os.MkdirAll(dir, 0o755)); err != nil { //nolint:gosec // It is published.
		return err
	}
	path := filepath.Join(dir, p.FileName())
	temporary := path + ".new"
	if err := os.WriteFile(temporary, text.Bytes(), 0o644); err != nil { //nolint:gosec // It is published.
		return err
	}
	return os.Rename(temporary, path)
}

var (
	dateForm    = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	versionForm = regexp.MustCompile(`^(dev|\d+\.\d+\.\d+(-[0-9a-z.]+)?)$`)
	labelForm   = regexp.MustCompile(`^[0-9a-f]{8}$`)
)

// validate allows what may be published and nothing else: the cases of the
// probe, listed codes, and the fixed words and buckets.
func (r Record) validate(p Probe) error {
	if r.Site != SiteInternational && r.Site != SiteChina ||
		!dateForm.MatchString(r.Date) || !versionForm.MatchString(r.Version) || !labelForm.MatchString(r.AccountLabel) {
		return errors.New("an observation has a site, date, version or account_label of another form")
	}
	cases := p.AssumedOn(r.Site == SiteChina)
	for name, value := range r.Observed {
		if _, ok := cases[name]; !ok {
			return fmt.Errorf("probe %d has no case %q", p.ID, name)
		}
		if !isListedCode(value) && !slices.Contains(words(), value) {
			return fmt.Errorf("probe %d, %s: the value is not one that may be recorded", p.ID, name)
		}
	}
	return nil
}

// words are all values that are no codes.
func words() []string {
	return []string{
		success, inProgress, notExist, unlistedCode, unlistedStatus, noEnvelope, "true", "false",
		"within 1 s", "within 4 s", "within 15 s", "not within 15 s", "earlier", "on time", "later",
		"under 64", "64 to 127", "128 or more", "under 20", "20", "21 to 39", "40",
		"HTTP 200", "HTTP 301", "HTTP 307", "HTTP 400", "HTTP 401", "HTTP 403", "HTTP 404", "HTTP 405", "HTTP 411",
		"HTTP 413", "HTTP 415", "HTTP 500", "HTTP 501", "HTTP 502", "HTTP 503",
	}
}

// Observed returns the latest observation of each case on a site.
func (s Snapshot) Observed(china bool) Observation {
	latest := Observation{}
	for _, record := range s.Observations {
		if record.Site == Site(china) {
			maps.Copy(latest, record.Observed)
		}
	}
	return latest
}

// Expected returns what is observed of a site, and what is assumed of the cases
// without an observation.
func (s Snapshot) Expected(p Probe, china bool) Observation {
	expected := p.AssumedOn(china)
	maps.Copy(expected, s.Observed(china))
	return expected
}

// validated reports whether every case was observed on one of the sites.
func (s Snapshot) validated(p Probe) bool {
	return slices.ContainsFunc([]bool{false, true}, func(china bool) bool {
		observed := s.Observed(china)
		for name := range p.AssumedOn(china) {
			if _, ok := observed[name]; !ok {
				return false
			}
		}
		return true
	})
}

// Summary returns how many facts the snapshots below a directory validate, in
// one line.
func Summary(dir fs.FS) (string, error) {
	validated, total := map[Tier]int{}, map[Tier]int{}
	sum, probes := 0, Probes()
	for _, probe := range probes {
		snapshot, err := ReadSnapshot(dir, probe)
		if err != nil {
			return "", err
		}
		total[probe.Tier]++
		if snapshot.validated(probe) {
			validated[probe.Tier]++
			sum++
		}
	}
	var tiers []string
	for _, tier := range slices.Sorted(maps.Keys(total)) {
		tiers = append(tiers, fmt.Sprintf("%s: %d of %d", tier, validated[tier], total[tier]))
	}
	return fmt.Sprintf("%d of %d facts validated against the real service (%s)", sum, len(probes), strings.Join(tiers, ", ")), nil
}
