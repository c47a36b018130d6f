package tickets

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"io"
	"strings"
)

// The bounds on what is read; a real ticket has some hundred bytes of each.
const (
	// MaxTokenLength is the longest token that is read, in bytes.
	MaxTokenLength = 16 << 10
	// maxDocumentLength bounds what a token decompresses to, in bytes.
	maxDocumentLength = 64 << 10
)

const tokenAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-"

func tokenEncoding() *base64.Encoding {
	return base64.NewEncoding(tokenAlphabet).WithPadding('_')
}

func encodeToken(document []byte) (string, error) {
	var compressed bytes.Buffer
	writer := zlib.NewWriter(&compressed)
	if _, err := writer.Write(document); err != nil {
		return "", err
	}
	if err := writer.Close(); err != nil {
		return "", err
	}
	return tokenEncoding().EncodeToString(compressed.Bytes()), nil
}

// decodeToken returns the document inside a token. The error is a
// *MalformedError.
func decodeToken(token string) ([]byte, error) {
	switch {
	case token == "":
		return nil, &MalformedError{Part: PartEmpty}
	case len(token) > MaxTokenLength:
		return nil, &MalformedError{Part: PartSize}
	}
	compressed, ok := decodeBase64(tokenEncoding(), token)
	if !ok {
		return nil, &MalformedError{Part: PartText}
	}
	return decompress(compressed)
}

func decompress(compressed []byte) ([]byte, error) {
	source := bytes.NewReader(compressed)
	reader, err := zlib.NewReader(source)
	if err != nil {
		return nil, &MalformedError{Part: PartCompression}
	}
	// One byte more than allowed tells a document that is too large from one
	// that fills the bound, and is the most that a hostile token can make of
	// itself.
	document, err := io.ReadAll(io.LimitReader(reader, maxDocumentLength+1))
	switch {
	case err != nil:
		return nil, &MalformedError{Part: PartCompression}
	case len(document) > maxDocumentLength:
		return nil, &MalformedError{Part: PartSize}
	case source.Len() > 0:
		return nil, &MalformedError{Part: PartCompression}
	}
	return document, nil
}

// decodeBase64 accepts only what an encoder writes: no line breaks, which
// encoding/base64 skips, and no stray bits at the end.
func decodeBase64(encoding *base64.Encoding, text string) ([]byte, bool) {
	if strings.ContainsAny(text, "\r\n") {
		return nil, false
	}
	decoded, err := encoding.Strict().DecodeString(text)
	return decoded, err == nil
}
