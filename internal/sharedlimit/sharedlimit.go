// Package sharedlimit is a rate limit that the processes on a machine share
// through a file: two runs of Terraform, the provider processes of two aliases,
// and a run that follows another within a second. It has no Terraform and no
// HTTP.
//
// The file holds the times of the last requests, 8 bytes each: nanoseconds since
// 1970, little-endian. A time that is no longer in the window is overwritten.
// A lock file beside it keeps two processes from taking the same place. Losing
// the file loses the times of at most one window, so nothing is synced.
package sharedlimit

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"time"

	"github.com/gofrs/flock"
)

const (
	// lockTimeout bounds the wait for the lock, which others hold for one read
	// and one write.
	lockTimeout = 50 * time.Millisecond
	lockRetry   = time.Millisecond

	// timeSize is the size of one time, and mostTimes bounds what is read.
	timeSize  = 8
	mostTimes = 4096
)

// Limit allows a number of requests in any window of time. It is not safe for
// concurrent use; each process or goroutine opens its own.
type Limit struct {
	file *os.File
	lock *flock.Flock
	most int
	span time.Duration

	// data and counted are the times in the file and those in the window. They
	// are kept for their memory.
	data    []byte
	counted []int64
}

// Open returns the limit of the file path, which is created if it is missing:
// at most so many requests in any window of the length span. Only the user may
// have write access to the directory, because links are followed.
func Open(path string, most int, span time.Duration) (*Limit, error) {
	const flags = os.O_CREATE | os.O_RDWR
	file, err := os.OpenFile(path, flags, 0o600) //nolint:gosec // A name of ours in the directory of the caller.
	if err != nil {
		return nil, err
	}
	lock := flock.New(path+".lock", flock.SetFlag(flags), flock.SetPermissions(0o600))
	return &Limit{file: file, lock: lock, most: most, span: span}, nil
}

// Place is one request in the window.
type Place struct {
	file   *os.File
	offset int64
}

// Take adds a request, which arrives at the time given at the latest, if the
// window that ends now has room for it. Otherwise it returns nil and the time
// at which it will have room.
func (l *Limit) Take(ctx context.Context, now, arrival time.Time) (place *Place, next time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, lockTimeout)
	defer cancel()
	if _, err := l.lock.TryLockContext(ctx, lockRetry); err != nil {
		return nil, time.Time{}, err
	}
	defer func() { err = errors.Join(err, l.lock.Unlock()) }()
	if err := l.read(); err != nil {
		return nil, time.Time{}, err
	}
	first, last := now.Add(-l.span).UnixNano(), now.Add(l.span).UnixNano()
	l.counted = l.counted[:0]
	free := len(l.data)
	for offset := 0; offset < len(l.data); offset += timeSize {
		at := int64(binary.LittleEndian.Uint64(l.data[offset:])) //nolint:gosec // Written as an int64.
		// A time far ahead was written before the clock was set back.
		if at > first && at < last {
			l.counted = append(l.counted, at)
		} else {
			free = offset
		}
	}
	if len(l.counted) >= l.most {
		slices.Sort(l.counted)
		return nil, time.Unix(0, l.counted[len(l.counted)-l.most]).Add(l.span), nil
	}
	place = &Place{file: l.file, offset: int64(free)}
	return place, time.Time{}, place.Arrived(arrival)
}

// read reads all times in the file.
func (l *Limit) read() error {
	info, err := l.file.Stat()
	if err != nil {
		return err
	}
	l.data = slices.Grow(l.data[:0], mostTimes*timeSize)[:min(info.Size()/timeSize, mostTimes)*timeSize]
	_, err = l.file.ReadAt(l.data, 0)
	return err
}

// Arrived sets the time at which the request arrived. It needs no lock: until
// then, the time in the file is a later one.
func (p *Place) Arrived(at time.Time) error {
	_, err := p.file.WriteAt(binary.LittleEndian.AppendUint64(nil, uint64(at.UnixNano())), p.offset)
	return err
}
