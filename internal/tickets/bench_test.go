package tickets

import "testing"

func BenchmarkMintUserSig(b *testing.B) {
	key, now, claims := keyOf(b, "a"), noon(), userSigClaims()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := MintUserSig(key, now, claims); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	key, now := keyOf(b, "a"), noon()
	token := must(MintPrivateMapKey(key, now, privateMapKeyClaims(b)))(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Verify(key, now, token); err != nil {
			b.Fatal(err)
		}
	}
}
