package tickets

import (
	"bytes"
	"compress/zlib"
	"errors"
	"strings"
	"testing"
)

func TestUnreadableTokensAreRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		token string
		part  Part
	}{
		"empty":                  {"", PartEmpty},
		"not base64":             {"käse", PartText},
		"stray bits at the end":  {"eAF_", PartText},
		"not zlib":               {must(encodeToken(nil))(t)[4:8], PartCompression},
		"longer than any ticket": {strings.Repeat("A", MaxTokenLength+1), PartSize},
		"as long as allowed":     {strings.Repeat("A", MaxTokenLength), PartCompression},
		"empty document":         {must(encodeToken(nil))(t), PartDocument},
		"not JSON":               {must(encodeToken([]byte("ticket")))(t), PartDocument},
		"two documents":          {must(encodeToken([]byte("{}{}")))(t), PartDocument},
		"an array":               {must(encodeToken([]byte("[]")))(t), PartDocument},
		"deep nesting":           {must(encodeToken(bytes.Repeat([]byte("["), 60000)))(t), PartDocument},
		"number as text":         {must(encodeToken([]byte(`{"TLS.sdkappid":"1"}`)))(t), PartDocument},
		"fraction":               {must(encodeToken([]byte(`{"TLS.expire":1.5}`)))(t), PartDocument},
		"beyond 64 bits":         {must(encodeToken([]byte(`{"TLS.time":9223372036854775808}`)))(t), PartDocument},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(c.token)
			wantMalformed(t, err, c.part)
		})
	}
}

func TestOtherVersionsAreTold(t *testing.T) {
	t.Parallel()
	for name, document := range map[string]string{
		"empty object":   "{}",
		"null":           "null",
		"a later one":    `{"TLS.ver":"3.0","TLS.identifier":"u"}`,
		"of a key pair":  `{"TLS.version":"201512300000","TLS.identifier":"u","TLS.sig":"MEUC"}`,
		"unusual casing": `{"TLS.ver":"2.0 "}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Parse(must(encodeToken([]byte(document)))(t)); !errors.Is(err, ErrVersion) {
				t.Errorf("error is %v, want ErrVersion", err)
			}
		})
	}
}

func TestDocumentsAreBounded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		length int
		part   Part
	}{
		"as large as allowed": {maxDocumentLength, PartDocument},
		"one byte more":       {maxDocumentLength + 1, PartSize},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(tokenEncoding().EncodeToString(compress(t, make([]byte, c.length))))
			wantMalformed(t, err, c.part)
		})
	}
}

// Whoever unpacked the bomb to its end would find the damage there: that the
// answer is about the size shows that nobody did.
func TestBombsAreNotUnpacked(t *testing.T) {
	t.Parallel()
	bomb := compress(t, make([]byte, 8<<20))
	bomb[len(bomb)-1] ^= 0xff
	token := tokenEncoding().EncodeToString(bomb)
	if len(token) > MaxTokenLength {
		t.Fatalf("the bomb has %d bytes and would be refused for that", len(token))
	}
	_, err := Parse(token)
	wantMalformed(t, err, PartSize)
}

// A dictionary the reader does not have is how a zlib header asks for more.
func TestPresetDictionariesAreRefused(t *testing.T) {
	t.Parallel()
	var compressed bytes.Buffer
	writer := must(zlib.NewWriterLevelDict(&compressed, zlib.BestCompression, []byte("TLS.")))(t)
	if _, err := writer.Write([]byte(`{"TLS.ver":"2.0"}`)); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := Parse(tokenEncoding().EncodeToString(compressed.Bytes()))
	wantMalformed(t, err, PartCompression)
}

func compress(t *testing.T, content []byte) []byte {
	t.Helper()
	var compressed bytes.Buffer
	writer := zlib.NewWriter(&compressed)
	if _, err := writer.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return compressed.Bytes()
}
