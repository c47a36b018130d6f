package tickets

import (
	"encoding/base64"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A changed token is refused or says exactly the same. The second happens for
// the few bits of a zlib stream that mean nothing, such as the padding before
// a stored block: the claims are signed, their compressed form is not.
func TestNoChangedCharacterChangesATicket(t *testing.T) {
	t.Parallel()
	// Padding stands before a stored block and at the end of the stream, each
	// spread over two characters at most, each of which is changed twice.
	const mostMeaningless = 2 * 2 * 2
	for _, v := range loadVectors(t) {
		t.Run(v.UserID, func(t *testing.T) {
			t.Parallel()
			for _, token := range []string{v.Token, v.mint(t)} {
				genuine := must(Verify(v.key(t), v.issuedAt(), token))(t)
				same := 0
				for at := range len(token) {
					for _, flip := range []byte{0x01, 0x20} {
						changed := token[:at] + string([]byte{token[at] ^ flip}) + token[at+1:]
						got, err := Verify(v.key(t), v.issuedAt(), changed)
						if err != nil {
							continue
						}
						same++
						if !reflect.DeepEqual(got, genuine) {
							t.Fatalf("byte %d xor %#x: accepted as %+v", at, flip, got)
						}
					}
				}
				if same > mostMeaningless {
					t.Errorf("%d changed tokens were accepted, more than padding explains", same)
				}
			}
		})
	}
}

// The same for the document itself, where no checksum helps: every changed
// claim must break the signature.
func TestNoChangedByteOfTheDocumentChangesATicket(t *testing.T) {
	t.Parallel()
	vectors := loadVectors(t)
	rapid.Check(t, func(r *rapid.T) {
		v := rapid.SampledFrom(vectors).Draw(r, "vector")
		document := must(decodeToken(v.Token))(t)
		at := rapid.IntRange(0, len(document)-1).Draw(r, "at")
		document[at] ^= rapid.ByteRange(1, 255).Draw(r, "flip")
		genuine := must(Verify(v.key(t), v.issuedAt(), v.Token))(t)
		got, err := Verify(v.key(t), v.issuedAt(), must(encodeToken(document))(t))
		if err == nil && !reflect.DeepEqual(got, genuine) {
			r.Fatalf("byte %d changed: accepted as %+v", at, got)
		}
	})
}

func TestCutTokensAreRefused(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors(t) {
		for _, token := range []string{v.Token, v.mint(t)} {
			for length := range len(token) {
				if _, err := Parse(token[:length]); err == nil {
					t.Fatalf("%s: the first %d of %d bytes are accepted", v.UserID, length, len(token))
				}
			}
		}
	}
}

func TestTokensWithMoreAroundThemAreRefused(t *testing.T) {
	t.Parallel()
	token := must(MintUserSig(keyOf(t, "a"), noon(), userSigClaims()))(t)
	compressed := must(tokenEncoding().DecodeString(token))(t)
	cases := map[string]struct {
		token string
		part  Part
	}{
		"newline at the end":       {token + "\n", PartText},
		"carriage return inside":   {token[:8] + "\r" + token[8:], PartText},
		"space before":             {" " + token, PartText},
		"two tokens":               {token + "_" + token, PartText},
		"standard base64":          {base64.StdEncoding.EncodeToString(compressed), PartText},
		"bytes after the stream":   {tokenEncoding().EncodeToString(append(compressed, 0)), PartCompression},
		"a stream after the first": {tokenEncoding().EncodeToString(append(compressed, compressed...)), PartCompression},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(c.token)
			wantMalformed(t, err, c.part)
			if err != nil && strings.Contains(err.Error(), token[4:16]) {
				t.Errorf("the error quotes the token: %v", err)
			}
		})
	}
}
