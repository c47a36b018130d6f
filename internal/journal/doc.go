// Package journal is the start journal: a write-ahead log of StartStreamIngest
// calls. DESIGN.md explains why it exists and how the provider uses it.
//
// # Files
//
// Each start has one record, <key-hash>-<random>.jsonl, and, while the record is
// in use, an empty lock file next to it, <key-hash>-<random>.lock. key-hash is
// the first 32 hexadecimal digits of the SHA-256 of the key, whose parts are
// joined by NUL: service, application, room type, room and user. random has 16
// hexadecimal digits. Records are append-only. File names are not reused, and
// files are not renamed.
//
// The process that creates a record holds an exclusive lock on its lock file
// until it closes the entry. The operating system releases the lock if the
// process is killed, so an unlocked record belongs to no running process. Other
// processes take the lock only briefly: a shared lock to read, an exclusive lock
// to mark or remove. A process removes a lock file only while holding its
// exclusive lock; after locking, it checks that the file has not been replaced.
//
// Lock and record are two files because locks on Windows are mandatory: the
// record could be read and written only through the handle that holds the lock.
//
// # Format, version 1
//
// A record has one JSON object per line. Each line ends with a newline. Each line
// except returned is synced before the caller continues:
//
//	{"record":"pending","version":1,"at":T,"key":{…},"region":…,"arguments":{…}}
//	{"record":"started","at":T,"task_id":…}
//	{"record":"returned","at":T}
//	{"record":"reported","at":T}
//
// T is a time in the format of RFC 3339. The lines are:
//
//   - pending, the first line, is written before the first byte of the request.
//   - started is written when the TaskId is known.
//   - returned is written when Create ends and its context is not done.
//   - reported is written when a diagnostic has named the record. It can occur
//     more than once.
//
// A record is invalid if it has an unknown line, lines in another order, or an
// incomplete last line. An incomplete line after started is ignored: it is an
// interrupted write of returned or reported. An unknown field in the first line,
// such as a new argument, means that a newer version wrote the record. A new
// version number means that the meaning of a field or the order of lines has
// changed; the other fields of the first line can then differ.
//
// No line holds a ticket, a key or a stream URL: no type of this package has a
// field for them.
package journal
