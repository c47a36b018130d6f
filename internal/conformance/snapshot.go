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

// Snapshot is the file of a probe, which exists once something was observed. Fact
// and Assumed, by site, are those of the probe and are written for readers.
type Snapshot struct {
	Fact    string                 `json:"fact"`
	Assumed map[string]Observation `json:"assumed"`
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

// ReadSnapshot returns the snapshot of a probe in a directory. Without a file, the
// snapshot has no observations.
func ReadSnapshot(dir string, p Probe) (Snapshot, error) {
	read := Snapshot{}
	text, err := os.ReadFile(filepath.Join(dir, p.FileName())) //nolint:gosec // The directory is the user's choice.
	if err == nil {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		err = decoder.Decode(&read)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Snapshot{}, fmt.Errorf("%s: %w", p.FileName(), err)
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
	snapshot, err := ReadSnapshot(dir, p)
	if err != nil {
		return err
	}
	snapshot.Fact = p.Fact
	snapshot.Assumed = map[string]Observation{SiteInternational: p.AssumedOn(false), SiteChina: p.AssumedOn(true)}
	snapshot.Observations = append(snapshot.Observations, record)
	text, err := json.MarshalIndent(snapshot, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // It is published.
		return err
	}
	path := filepath.Join(dir, p.FileName())
	if err := os.WriteFile(path+".new", append(text, '\n'), 0o644); err != nil { //nolint:gosec // It is published.
		return err
	}
	return os.Rename(path+".new", path)
}

var (
	headForm = regexp.MustCompile(`^(international|china) \d{4}-\d{2}-\d{2} (dev|\d+\.\d+\.\d+(-[0-9a-z.]+)?) [0-9a-f]{8}$`)
	// wordForm are the values that are not codes.
	wordForm = regexp.MustCompile(`^(ok|InProgress|NotExist|another code|another status|no envelope|true|false|HTTP \d{3}|` +
		`within (1|4|15) s|not within 15 s)$`)
)

// validate allows what may be published and nothing else: the cases of the
// probe, listed codes, and the fixed words and buckets.
func (r Record) validate(p Probe) error {
	if !headForm.MatchString(strings.Join([]string{r.Site, r.Date, r.Version, r.AccountLabel}, " ")) {
		return errors.New("an observation has a site, date, version or account_label of another form")
	}
	cases := p.AssumedOn(r.Site == SiteChina)
	for name, value := range r.Observed {
		if cases[name] == "" {
			return fmt.Errorf("probe %d has no case %q", p.ID, name)
		}
		if !listedCode.MatchString(value) && !wordForm.MatchString(value) {
			return fmt.Errorf("probe %d, %s: the value is not one that may be recorded", p.ID, name)
		}
	}
	return nil
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

// Summary returns how many facts the snapshots in a directory validate, in one
// line. A fact counts once every case was observed on one of the sites.
func Summary(dir string) (string, error) {
	var validated, total [ByHand + 1]int
	sum, probes := 0, Probes()
	for _, probe := range probes {
		snapshot, err := ReadSnapshot(dir, probe)
		if err != nil {
			return "", err
		}
		total[probe.Tier]++
		if len(snapshot.Observed(false)) == len(probe.AssumedOn(false)) || len(snapshot.Observed(true)) == len(probe.AssumedOn(true)) {
			validated[probe.Tier]++
			sum++
		}
	}
	var tiers []string
	for tier := range total {
		tiers = append(tiers, fmt.Sprintf("%s: %d of %d", Tier(tier), validated[tier], total[tier]))
	}
	return fmt.Sprintf("%d of %d facts validated against the real service (%s)", sum, len(probes), strings.Join(tiers, ", ")), nil
}
