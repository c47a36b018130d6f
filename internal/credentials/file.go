package credentials

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// maxFileBytes is the largest file that is read: 1 MiB.
const maxFileBytes = 1 << 20

var (
	errNotRegular = errors.New("it is not a regular file")
	errTooLarge   = errors.New("it is larger than 1 MiB")
	errNotObject  = errors.New("it is not a JSON object")
)

// readFile returns the content of a regular file without a byte order mark. Its
// errors do not name the file.
func readFile(path string) ([]byte, error) {
	// Opening a pipe would wait for a writer, for ever.
	info, err := os.Stat(path)
	if err != nil {
		return nil, withoutPath(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	file, err := os.Open(path) //nolint:gosec // The user says which file.
	if err != nil {
		return nil, withoutPath(err)
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	if err != nil {
		return nil, withoutPath(err)
	}
	if len(content) > maxFileBytes {
		return nil, errTooLarge
	}
	return bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")), nil
}

func withoutPath(err error) error {
	var located *fs.PathError
	if errors.As(err, &located) {
		return located.Err
	}
	return err
}

// object is a JSON object. The errors of its methods quote no value.
type object map[string]json.RawMessage

func parseObject(content []byte) (object, error) {
	var parsed object
	// The decoder's own error can quote the content.
	if json.Unmarshal(content, &parsed) != nil || parsed == nil {
		return nil, errNotObject
	}
	return parsed, nil
}

// text returns the string of key without the white space around it, or nothing
// when the key is missing or null.
func (o object) text(key string) (string, error) {
	raw, exists := o[key]
	if !exists {
		return "", nil
	}
	var value *string
	if json.Unmarshal(raw, &value) != nil {
		return "", fmt.Errorf("key %s is not a string", key)
	}
	if value == nil {
		return "", nil
	}
	return strings.TrimSpace(*value), nil
}

// object returns the object of key, an empty one when the key is missing or
// null.
func (o object) object(key string) (object, error) {
	raw, exists := o[key]
	if !exists || string(raw) == "null" {
		return object{}, nil
	}
	inner, err := parseObject(raw)
	if err != nil {
		return nil, fmt.Errorf("key %s is not a JSON object", key)
	}
	return inner, nil
}
