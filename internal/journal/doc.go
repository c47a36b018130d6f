// Package journal is the start journal: a write-ahead log of StartStreamIngest
// calls. A task is billed from the moment the service accepts its start, but
// Terraform saves state only after the provider has responded. A process that
// is killed in between leaves a record here, so that the next run can report
// the task, or that one may be running, and starts no second one.
//
// # Files
//
// Each start has one record, <key-hash>-<random>.jsonl, and beside it, while it
// is in use, an empty lock file, <key-hash>-<random>.lock. key-hash is the first
// 32 hexadecimal digits of the SHA-256 of the key, whose parts are joined by
// NUL: service, application, room type, room and user. random has 16 digits. A
// record is only ever appended to; no name is reused and nothing is renamed.
//
// The owner locks the lock file before the record exists and keeps the lock
// until it ends the entry. So a record whose lock is free or missing has no
// owner any more: a killed process loses its locks. Everybody else locks only
// briefly: shared to read a record, exclusively to mark or remove one. Only who
// holds the exclusive lock removes the lock file, and who gets a lock checks
// that its file is still in place.
//
// Lock and record are two files because a lock on Windows is mandatory: the
// record could not be written or read through any other handle than that of
// the lock.
//
// # Format, version 1
//
// A record has one JSON object per line. Each line ends with a newline and,
// except returned, is synced before the caller continues:
//
//	{"record":"pending","version":1,"at":T,"key":{…},"region":…,"arguments":{…}}
//	{"record":"started","at":T,"task_id":…}
//	{"record":"returned","at":T}
//	{"record":"told","at":T}
//
// T is RFC 3339. The first line is pending and precedes the first byte of the
// request. started follows once the TaskId is known, returned when Create ends
// and its context is still live, and told when a diagnostic has named the
// record; told may occur more than once. Unknown lines, another order or an
// incomplete last line make a record invalid, except that bytes after a complete
// started line are a lost returned or told and change nothing. An unknown field in
// the first line, such as a new argument, means that a newer version wrote the
// record. The version is raised when the meaning of a field or the order of lines
// changes; the rest of the first line may then differ.
//
// No line holds a ticket, a key or a stream URL: no type of this package has a
// field for one.
package journal
